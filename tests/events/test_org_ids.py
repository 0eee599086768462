"""Identifiers of organisations: known registers, and the form of a number where it is known."""

import pytest

from events.codes.org_ids import SENTENCES, fault_of, normalised, page_of, register_of, registers


@pytest.mark.parametrize(
    "org_id",
    [
        "GB-CHC-1164883",
        "GB-CHC-202918",
        "GB-COH-09668396",
        "GB-COH-SC012345",
        "GB-COH-IP12345R",
        "GB-SC-SC012345",
        "GB-NIC-100012",
        "US-EIN-123456789",
        "XI-IATI-EC.INTPA",
        "PL-KRS-0000123456",
        "CN-11-CR-91110000",
    ],
)
def test_an_org_id_of_a_known_register_is_taken(org_id):
    """Prefixes of the published list pass, with a number in their register's form."""
    assert fault_of(org_id) is None
    register = register_of(org_id)
    assert register is not None
    assert org_id.startswith(register.prefix)


@pytest.mark.parametrize(
    ("org_id", "said"),
    [
        ("", "prefix of a register"),
        ("1164883", "prefix of a register"),
        ("GB-1164883", "prefix of a register"),
        ("GB-XXX-1164883", "prefix of a register"),
        ("\u050cB-CHC-1164883", "prefix of a register"),
        ("GB-CHC-", "six or seven digits"),
        ("GB-CHC-12", "six or seven digits"),
        ("GB-CHC-1164883\n", "six or seven digits"),
        ("GB-CHC-\u0661\u0661\u0661\u0661\u0661\u0661x", "six or seven digits"),
        ("GB-COH-9668396", "leading zeros"),
        ("GB-SC-012345", "SC and six digits"),
        ("PL-KRS-", "letters and digits"),
        ("PL-KRS-\0", "letters and digits"),
        ("PL-KRS-" + "1" * 200, "100 are allowed"),
    ],
)
def test_what_cannot_be_an_org_id_is_said_in_a_sentence(org_id, said):
    """An unknown prefix or a number of another form is refused with what to write instead."""
    fault = fault_of(org_id)
    assert fault is not None
    assert said in str(fault)
    assert str(fault).endswith((".", "them."))
    assert fault.sentence in SENTENCES


def test_an_org_id_is_kept_one_way():
    """Blanks around it, small letters, a zero in front and a hyphen inside make no other identifier."""
    assert normalised(" gb-coh-sc012345 ") == "GB-COH-SC012345"
    assert normalised("GB-CHC-0202918") == normalised("gb-chc-202918") == "GB-CHC-202918"
    assert normalised("US-EIN-12-3456789") == normalised("us-ein-123456789") == "US-EIN-123456789"
    assert normalised("GB-CHC-1164883-1") == "GB-CHC-1164883-1"


def test_deprecated_registers_are_not_offered():
    """The table holds the published list without the deprecated ones, a company of China's provinces included."""
    assert len(registers()) > 700
    assert "GB-GOVUK" not in registers()
    assert "CN-11-CR" in registers()
    assert registers()["GB-CHC"].confirmed


def test_an_org_id_can_be_looked_up():
    """Known registers are linked to the organisation's own entry, others to the page about the register."""
    assert page_of("GB-CHC-1164883-2").endswith("/1164883")
    assert page_of("GB-COH-09668396").endswith("/company/09668396")
    assert page_of("PL-KRS-0000123456") == "https://org-id.guide/list/PL-KRS"
