"""What comes in through the door: the base of dataclasses whose fields are the keys of a file."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar


class Entered:
    """The base of dataclasses that come in through the door: unknown keys refused, values not bent
    into shape (a quoted date stays a mistake), while a TOML table may become the dataclass.
    """

    __pydantic_config__: ClassVar = {"strict": True, "extra": "forbid"}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Pydantic's hook: strict fields, but tables are welcome, and so are the lists that TOML has for tuples."""
        schema = handler(source)
        schema["strict"] = False
        _welcome_lists(schema)
        return schema


def _welcome_lists(schema: Any) -> None:
    """Let every tuple in one of pydantic's schemas be written as a list; what is in it stays strict."""
    if isinstance(schema, list):
        for part in schema:
            _welcome_lists(part)
    elif isinstance(schema, dict):
        if schema.get("type") == "tuple":
            schema["strict"] = False
        for part in schema.values():
            _welcome_lists(part)


FILLED: Mapping[str, bool] = {"filled": True}
"""For a field's ``metadata``: the program fills it, a file may not."""
