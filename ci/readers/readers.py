"""Prints what a Python reader reads in the Arrow files of a folder, in the lines that README.md tells.

Usage: python readers.py pyarrow|polars|pandas|duckdb FOLDER
"""

import hashlib
import math
import pathlib
import struct
import sys


def pyarrow_columns(path):
    import pyarrow as pa

    table = pa.ipc.open_file(path).read_all()
    for field in table.schema:
        yield field.name, arrow_type(field.type), table.column(field.name).to_pylist()


def arrow_type(type_):
    import pyarrow as pa

    if pa.types.is_fixed_size_list(type_):
        return f"{arrow_type(type_.value_type)}[{type_.list_size}]"
    return {"double": "float64", "float": "float32", "string": "utf8"}.get(str(type_), str(type_))


def polars_columns(path):
    import polars as pl

    names = {pl.Int32: "int32", pl.Int64: "int64", pl.Float64: "float64", pl.Float32: "float32"}
    names |= {pl.String: "utf8", pl.Boolean: "bool"}
    frame = pl.read_ipc(path)
    for name, type_ in frame.schema.items():
        if isinstance(type_, pl.Array):
            kind = f"{names[type_.inner]}[{type_.size}]"
        else:
            kind = names[type_]
        yield name, kind, frame.get_column(name).to_list()


def pandas_columns(path):
    import pandas as pd

    names = {"object": "utf8", "string": "utf8", "str": "utf8"}
    frame = pd.read_feather(path)
    for name in frame.columns:
        column = frame[name]
        kind = names.get(str(column.dtype), str(column.dtype))
        values = [None if missing(v) else v for v in column.tolist()]
        if values and hasattr(values[0], "dtype"):
            kind = f"{values[0].dtype}[{len(values[0])}]"
        yield name, kind, values


def missing(value):
    # pandas has NaN where a float column has no value; the tables themselves hold no NaN.
    return value is None or isinstance(value, float) and math.isnan(value)


def duckdb_columns(path):
    import duckdb
    import pyarrow as pa

    names = {"INTEGER": "int32", "BIGINT": "int64", "DOUBLE": "float64", "FLOAT": "float32"}
    names |= {"VARCHAR": "utf8", "BOOLEAN": "bool"}
    table = pa.ipc.open_file(path).read_all()
    relation = duckdb.from_arrow(table)
    columns = list(zip(*relation.fetchall())) or [()] * len(relation.columns)
    for name, type_, values in zip(relation.columns, relation.types, columns):
        base, bracket, rest = str(type_).partition("[")
        yield name, names[base] + bracket + rest, values


def encoded(kind, value):
    if value is None:
        return b"\0"
    if kind == "utf8":
        text = value.encode()
        return b"\1" + struct.pack(">I", len(text)) + text
    if kind == "bool":
        return b"\1" + (b"\1" if value else b"\0")
    if kind.startswith("float32["):
        return b"\1" + struct.pack(f">{len(value)}f", *value)
    return b"\1" + struct.pack(">d" if kind == "float64" else ">q", value)


def main():
    columns = {
        "pyarrow": pyarrow_columns,
        "polars": polars_columns,
        "pandas": pandas_columns,
        "duckdb": duckdb_columns,
    }[sys.argv[1]]
    folder = pathlib.Path(sys.argv[2])
    for path in sorted(folder.rglob("*.arrow")):
        for name, kind, values in columns(str(path)):
            digest = hashlib.sha256()
            for value in values:
                digest.update(encoded(kind, value))
            print(path.relative_to(folder).as_posix(), len(values), name, kind, digest.hexdigest(), sep="\t")


main()
