"""Schemes and scores as text: YAML or JSON in, canonical JSON out (one text per content), and its hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import yaml

from qingyuan.governance.scoring.limits import weigh
from qingyuan.governance.scoring.numbers import Inputs, Number
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.structure import from_data, to_data
from qingyuan.governance.scoring.tree import ScoreTree


class _ExactLoader(yaml.SafeLoader):
    """YAML whose numbers are exact: 0.05 is five hundredths, not the float beside it."""


def _exact_float(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node)).replace("_", "").lower()
    if text.lstrip("+-") in {".inf", ".nan"}:
        return Decimal(text.replace(".", ""))
    return Decimal(text)


def _as_written(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact_float)
def _each_key_once(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[object, object]:
    """A mapping whose keys stand once: of two points for one clause nobody can say which was meant."""
    seen: set[str] = set()
    for key, _value in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            continue
        name = str(getattr(key, "value", key))
        if name in seen:
            raise _WrittenTwice(name, key.start_mark.line + 1)
        seen.add(name)
    loader.flatten_mapping(node)
    return {_key(loader, key): loader.construct_object(value, deep=True) for key, value in node.value}


def _key(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    if not isinstance(node, yaml.ScalarNode):
        raise yaml.constructor.ConstructorError(None, None, "key", node.start_mark)
    # A clause number 2.10 is not 2.1, and a number as a name is a name.
    return str(loader.construct_scalar(node))


class _WrittenTwice(ValueError):
    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"“{name}”写了两次,不知道以哪个为准,请只留一个")
        self.line = line


_ExactLoader.add_constructor("tag:yaml.org,2002:map", _each_key_once)
# Dates are read by the field they stand in, which can say what is wrong with a 13th month.
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


def read_data(text: str) -> object:
    """Plain data from YAML or JSON text, numbers exact. SchemeUnreadable where it is neither."""
    try:
        weigh(text)
        data: object = yaml.load(text, Loader=_ExactLoader)  # a SafeLoader: builds no objects
    except SchemeUnreadable:
        raise
    except _WrittenTwice as error:
        raise SchemeUnreadable([Problem(f"第 {error.line} 行", str(error))]) from error
    except (yaml.YAMLError, ArithmeticError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        line = f"第 {where.line + 1} 行" if where is not None else "全文"
        raise SchemeUnreadable([Problem(line, "不是有效的 YAML 或 JSON,请检查缩进、冒号和引号")]) from error
    return data


def read_scheme(text: str) -> Scheme:
    """A scheme from YAML or JSON text. SchemeUnreadable names every field that is wrong. It is not yet checked."""
    return from_data(Scheme, read_data(text))


def read_scheme_file(path: Path) -> Scheme:
    """A scheme from a UTF-8 file."""
    return read_scheme(path.read_text(encoding="utf-8"))


def read_inputs(text: str) -> dict[str, Number]:
    """Inputs by key from our own text: {"indicator:R05": {"numerator": 203, "denominator": 214}, "manual:x": 1}.

    What a stranger wrote is read by given.read_given, which looks at every number.
    """
    data = read_data(text)
    if not isinstance(data, Mapping):
        raise SchemeUnreadable([Problem("全文", "应为“取数名: 数”的一组")])
    return {str(key): from_data(Number, as_number(value)) for key, value in data.items()}


def as_number(value: object) -> object:
    """A bare number stands for its value; a table of parts stands as it is."""
    return value if isinstance(value, Mapping) else {"value": value}


def scheme_json(scheme: Scheme) -> str:
    """The scheme's one canonical text."""
    return canonical(to_data(scheme))


def scheme_hash(scheme: Scheme) -> str:
    """SHA-256 of the canonical text, 64 hex digits."""
    return sha256(scheme_json(scheme).encode()).hexdigest()


def tree_json(tree: ScoreTree) -> str:
    """The score's one canonical text: kept with a closed assessment and recomputed years later."""
    return canonical(to_data(tree))


def tree_hash(tree: ScoreTree) -> str:
    """SHA-256 of the canonical text, 64 hex digits."""
    return sha256(tree_json(tree).encode()).hexdigest()


def read_tree(text: str) -> ScoreTree:
    """A score from its canonical text. SchemeUnreadable where it is not one."""
    return from_data(ScoreTree, json.loads(text, parse_float=Decimal, parse_int=Decimal))


def inputs_json(inputs: Inputs) -> str:
    """The inputs' one canonical text."""
    return canonical({key: to_data(number) for key, number in inputs.items()})


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces and each number in its one shortest form. TypeError on a float."""
    if isinstance(value, Mapping):
        items = (f"{canonical(str(key))}:{canonical(item)}" for key, item in sorted(value.items()))
        return "{" + ",".join(items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return _shortest(value)
    if value is None or isinstance(value, (bool, int, str)):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} has no exact text")


def _shortest(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
