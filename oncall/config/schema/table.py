"""What all tables have in common, and the kinds of values they hold."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator

from escalation_policies.policy import Severity, Target
from oncall.config import fields, times
from oncall.config.findings import Fault, Incoherent
from oncall.config.values import Secret
from oncall.model import Language
from rotations.window import Window

Text = Annotated[str, PlainValidator(fields.text)]
Zone = Annotated[ZoneInfo, PlainValidator(times.zone)]
Reads = Annotated[Language, PlainValidator(fields.choice(Language))]
HowBad = Annotated[Severity, PlainValidator(fields.choice(Severity))]
Wait = Annotated[timedelta, PlainValidator(times.wait)]
Moment = Annotated[datetime, PlainValidator(times.moment)]
Part = Annotated[Window, PlainValidator(times.window)]
Whom = Annotated[Target, PlainValidator(fields.target)]
Address = Annotated[str, PlainValidator(fields.address)]
HostName = Annotated[str, PlainValidator(fields.host)]
Network = Annotated[fields.AnyNetwork, PlainValidator(fields.network)]
Hidden = Annotated[Secret, PlainValidator(fields.secret)]
Some = Field(min_length=1)


class Table(BaseModel):
    """A TOML table: unknown keys are errors, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = tuple(self.faults())
        if faults:
            raise Incoherent(faults)
        return self

    def faults(self) -> Iterable[Fault]:
        """Tell what the values of this table say against each other."""
        return ()
