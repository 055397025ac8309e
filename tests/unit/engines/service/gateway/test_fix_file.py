"""The numbers of a FIX port and what it sent, over restarts."""

import pytest

from engines.service.gateway.fix_file import HEADER_BYTES, FixFile
from harness.wire.fix_codes import ExecType
from harness.wire.fix_store import Kept, MemoryStore
from harness.wire.fix_tags import Kind, Tag

NOW = "20260105-12:00:00.000"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "6.fix"


def report(number):
    return ((Tag.EXEC_TYPE, str(ExecType.NEW)), (Tag.EXEC_ID, str(number)))


def test_it_keeps_as_memory_does(path):
    file, memory = FixFile(path), MemoryStore()
    for store in (file, memory):
        store.keep(Kind.EXECUTION_REPORT, NOW, report(1))
        store.next_out += 2
        store.keep(Kind.REJECT, NOW, ((Tag.TEXT, "no"),))
        store.keep(Kind.EXECUTION_REPORT, NOW, report(2))
    for begin, end, most in ((1, 9, 9), (2, 4, 9), (1, 9, 2), (5, 5, 1), (6, 9, 9)):
        assert file.kept(begin, end, most) == memory.kept(begin, end, most)
    assert (file.next_in, file.next_out) == (memory.next_in, memory.next_out)
    file.close()


def test_all_is_there_after_a_restart(path):
    file = FixFile(path)
    file.keep(Kind.EXECUTION_REPORT, NOW, report(1))
    file.next_in, file.next_out = 7, 9
    file.close()
    again = FixFile(path)
    assert (again.next_in, again.next_out, again.reports) == (7, 9, 1)
    assert again.kept(1, 9, 9) == [Kept(1, NOW, "8", report(1))]
    again.close()


def test_a_number_that_was_not_written_any_more_is_known_by_its_message(path):
    file = FixFile(path)
    file.keep(Kind.EXECUTION_REPORT, NOW, report(1))
    file.next_out = 1
    file.close()
    again = FixFile(path)
    assert again.next_out == 2
    again.close()


def test_reports_are_counted_and_nothing_else_is(path):
    file = FixFile(path)
    file.keep(Kind.EXECUTION_REPORT, NOW, report(1))
    file.keep(Kind.ORDER_CANCEL_REJECT, NOW, ())
    file.keep(Kind.ORDER_MASS_CANCEL_REPORT, NOW, ())
    file.keep(Kind.EXECUTION_REPORT, NOW, ((Tag.EXEC_TYPE, str(ExecType.ORDER_STATUS)),))
    file.keep(Kind.REJECT, NOW, ())
    file.keep(Kind.BUSINESS_MESSAGE_REJECT, NOW, ())
    assert file.reports == 3
    file.close()


def test_a_reset_begins_at_one_and_remembers_how_many_there_were(path):
    file = FixFile(path)
    file.keep(Kind.EXECUTION_REPORT, NOW, report(1))
    file.requests = 5
    file.next_in = 9
    file.reset()
    assert (file.next_in, file.next_out, file.kept(1, 99, 99)) == (1, 1, [])
    file.keep(Kind.EXECUTION_REPORT, NOW, report(2))
    file.close()
    again = FixFile(path)
    assert (again.next_out, again.reports, again.requests_before) == (2, 2, 5)
    assert path.stat().st_size > HEADER_BYTES
    again.close()
