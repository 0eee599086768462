"""Settings: what the environment may say, and what is said back when it says something else."""

from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, masked_url


def test_nothing_set_means_the_embedded_servers():
    """An empty environment leaves both URLs open and puts the data beside the project."""
    settings = Settings.from_environment({})
    assert (settings.database_url, settings.redis_url, settings.secret_key) == (None, None, None)
    assert settings.data == Path(".open-impact")
    assert settings.log_level == "info"


def test_variables_become_fields():
    """Every variable reaches its field; other variables and empty ones do not matter."""
    settings = Settings.from_environment(
        {
            "OPEN_IMPACT_DATABASE_URL": "postgresql://somebody:secret@db.example/open_impact",
            "OPEN_IMPACT_REDIS_URL": "redis://cache.example:6379/0",
            "OPEN_IMPACT_DATA": "/srv/open impact",
            "OPEN_IMPACT_LOG_LEVEL": "DEBUG",
            "OPEN_IMPACT_SMTP_URL": " ",
            "HOME": "/somewhere",
        }
    )
    assert settings.database_url == "postgresql://somebody:secret@db.example/open_impact"
    assert settings.redis_url == "redis://cache.example:6379/0"
    assert settings.data == Path("/srv/open impact")
    assert settings.log_level == "debug"
    assert settings.smtp_url is None


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("OPEN_IMPACT_DATABASE_URL", "mysql://db.example/x", "postgresql://"),
        ("OPEN_IMPACT_DATABASE_URL", "postgresql://db.example:port/x", "malformed"),
        ("OPEN_IMPACT_REDIS_URL", "valkey://cache.example", "redis://"),
        ("OPEN_IMPACT_PUBLIC_URL", "example.org", "https://"),
        ("OPEN_IMPACT_PUBLIC_URL", "https://bücher.example", "xn--"),
        ("OPEN_IMPACT_SECRET_KEY", "short", "32 characters"),
        ("OPEN_IMPACT_LOG_LEVEL", "chatty", "info"),
        ("OPEN_IMPACT_SMTP_URL", "mail.example", "smtp://"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(variable, value, says):
    """A value that cannot be meant is refused in one sentence with the variable and what it should be."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({variable: value})
    assert str(refused.value).startswith(variable)
    assert says in str(refused.value)


def test_a_refused_secret_is_not_repeated():
    """What is wrong about a secret is said without the secret."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"OPEN_IMPACT_SECRET_KEY": "hush-hush"})
    assert "hush-hush" not in str(refused.value)


def test_every_variable_is_described_and_no_secret_is_shown():
    """The list for `doctor` names each variable with a meaning; passwords and keys appear in it nowhere."""
    settings = Settings.from_environment(
        {
            "OPEN_IMPACT_DATABASE_URL": "postgresql://somebody:pass-one@db.example/open_impact?password=pass-two",
            "OPEN_IMPACT_REDIS_URL": "redis://:pass-three@cache.example:6379/0",
            "OPEN_IMPACT_SMTP_URL": "smtp://somebody:pass-four@mail.example",
            "OPEN_IMPACT_SECRET_KEY": "k" * 40,
        }
    )
    described = settings.describe()
    assert {one.variable for one in described} == {
        f"OPEN_IMPACT_{name.upper()}" for name in Settings.__struct_fields__
    }
    assert all(one.meaning for one in described)
    assert ("OPEN_IMPACT_REDIS_URL", "redis://:***@cache.example:6379/0") in {
        (o.variable, o.value) for o in described
    }
    for shown in (str([one.value for one in described]), repr(settings)):
        assert "pass-" not in shown
        assert "kkkk" not in shown


def test_a_url_without_a_password_is_shown_as_it_is():
    """Masking touches nothing but what is secret."""
    assert masked_url("postgresql://db.example:5432/x") == "postgresql://db.example:5432/x"
