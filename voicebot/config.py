"""Settings: environment (VOICEBOT_...) over `voicebot.toml` over defaults."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from voicebot.core.errors import InputError

CATALOGUE = Path(__file__).resolve().parent.parent / "scripts_catalog"


PhoneAccess = Literal["local", "open", "users", "off"]


class Settings(BaseSettings):
    """What an operator may set."""

    model_config = SettingsConfigDict(env_prefix="VOICEBOT_", toml_file="voicebot.toml", extra="forbid")

    data_dir: Path = Path("var")
    """Database, recordings and the cache of spoken prompts."""
    database_url: str | None = None
    """SQLAlchemy URL; default: `permanence.db` in `data_dir`."""
    catalogue_dir: Path = CATALOGUE
    """Sentences, templates and sample clients."""
    clients_dir: Path | None = None
    """Consignes of the clients, one YAML file each; default: the sample clients of the catalogue."""
    nlu_dir: Path | None = None
    """The trained intent model; default: `models/nlu` of the source tree."""
    asr_model: str = "compact-fr"
    """Name in the manifest, or a folder in CTranslate2 form."""
    asr_threads: int = Field(default=1, ge=1, le=64)
    """CPU threads of recognition."""
    voice_fr: str = "espeak"
    """`espeak`, or a Piper voice of the manifest."""
    voice_en: str = "espeak"
    host: str = "127.0.0.1"
    """Address that `serve` listens on."""
    port: int = Field(default=8080, ge=0, le=65_535)
    """Port that `serve` listens on; 0 for any free one."""
    phone: PhoneAccess = "local"
    """Who may ring from the browser softphone: this machine alone, everybody, who is signed in, nobody."""
    behind_proxy: bool = False
    """Whether a reverse proxy on this machine passes requests on: its X-Forwarded-For and -Proto are then believed."""
    max_calls: int = Field(default=30, ge=1, le=1000)
    """Calls at once; one more is told that all lines are busy."""
    max_calls_per_address: int = Field(default=4, ge=1, le=1000)
    stop_grace_s: float = Field(default=30.0, ge=0.0, le=600.0)
    """How long a stopping server lets callers and secretaries go on talking."""
    virtual_recognition_s: float = Field(default=0.12, ge=0.0)
    """How long recognition takes on the virtual clock."""
    virtual_synthesis_s: float = Field(default=0.06, ge=0.0)
    virtual_transaction_s: float = Field(default=0.02, ge=0.0)

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'permanence.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then voicebot.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        InputError: a value does not fit; names the setting and what was expected.
    """
    try:
        return Settings()
    except tomllib.TOMLDecodeError as failure:
        raise InputError(f"voicebot.toml: not valid TOML: {failure}") from failure
    except UnicodeDecodeError as failure:
        raise InputError("voicebot.toml: not UTF-8 text, expected TOML") from failure
    except OSError as failure:
        raise InputError(f"voicebot.toml: cannot be read ({failure.strerror}), expected TOML") from failure
    except ValidationError as failure:
        first = failure.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":  # only the file can: unknown variables of the environment are not read
            known = ", ".join(Settings.model_fields)
            raise InputError(f"voicebot.toml: unknown setting {where}, expected one of {known}") from failure
        raise InputError(f"setting VOICEBOT_{where.upper()}: {first['msg']}, found {first['input']!r}") from failure
