"""A stop that the first one's trade reaches goes off with the next command."""

from engines.specimens.cascade_of_one_pass import CascadeOfOnePass
from tests.fakes.plain_session import INSTRUMENTS, says


def test_the_second_stop_comes_a_command_late():
    engine = CascadeOfOnePass(INSTRUMENTS)
    says(engine, "B x1 #1 @100; B x1 #2 @101; S 101x1 #3 a2; S 102x5 #4 a2")
    said = says(engine, "S 100x1 #5 a2; B 100x1 #6 a3")
    assert said.endswith("triggered #1 at 100, 1 left; trade #1 with #3 at 101 x 1, 0 left")
    assert says(engine, "cancel #77").endswith(
        "(unknown order); triggered #2 at 101, 1 left; trade #2 with #4 at 102 x 1, 0 left"
    )
