"""The wizard for contracts on a desk with the sample estate."""

import pytest
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.wizards.contract import ContractWizard
from tests.gui.wizards.contracts import shown


@pytest.fixture
def wizard(desk: Desk, qtbot: QtBot) -> ContractWizard:
    """The wizard for a new contract."""
    return shown(ContractWizard(desk, None), qtbot)
