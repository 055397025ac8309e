"""A folder of hand-made cases, and a case for it that is right."""

GOOD = """
schema = 1
[[case]]
name = "one"
about = "a"
why = "b"
left = ["5 of #1"]
[[case.step]]
do = "new buy 100 x 5 #1"
expect = ["accepted #1, 100 x 5", "rested #1 at 100, 5 left"]
"""


def folder_with(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path
