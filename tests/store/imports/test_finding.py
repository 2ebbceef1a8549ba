"""Findings are values that read as one line."""

from store.imports.finding import ERROR, WARNING, Finding, Limited, Refused


def test_a_finding_reads_as_severity_place_and_message():
    finding = Finding(ERROR, "negative", "demand.csv, row 3, column quantity", '"-5" is negative')
    assert str(finding) == 'error: demand.csv, row 3, column quantity: "-5" is negative'


def test_a_refused_input_says_all_of_its_findings():
    findings = [Finding(ERROR, "a", "x", "first"), Finding(ERROR, "b", "y", "second")]
    assert str(Refused(findings)) == "error: x: first\nerror: y: second"
    assert Refused(findings).findings == tuple(findings)


def test_errors_come_before_warnings_when_findings_are_sorted():
    assert min(Finding(WARNING, "a", "a", "a"), Finding(ERROR, "z", "z", "z")).severity == ERROR


def test_beyond_the_limit_findings_are_only_counted():
    found: list[Finding] = []
    limited = Limited(found.append, "demand.csv", most=3)
    for number in range(5):
        limited(Finding(ERROR, "negative", f"row {number}", "wrong"))
    limited.close()
    assert [finding.place for finding in found] == ["row 0", "row 1", "row 2", "demand.csv"]
    assert found[-1].message.startswith("2 more findings")


def test_within_the_limit_nothing_is_added():
    found: list[Finding] = []
    limited = Limited(found.append, "demand.csv", most=3)
    limited(Finding(ERROR, "negative", "row 0", "wrong"))
    limited.close()
    assert len(found) == 1
