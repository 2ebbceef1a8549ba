"""Progress bars."""

from gui.bars import bars


def test_a_bar_for_each_step_is_drawn_beside_what_the_program_says(capsys):
    with bars() as show:
        show("reading", 0, 1)
        show("applying the rules", 1, 3)
        show("applying the rules", 3, 3)
    assert capsys.readouterr().out == ""
