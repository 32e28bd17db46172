// Prints what nodejs-polars reads in the Arrow files of a folder.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import pl from 'nodejs-polars';
import {arrowFiles, printColumn} from './lines.mjs';

const NAMES = {Int32: 'int32', Int64: 'int64', Float64: 'float64', String: 'utf8', Utf8: 'utf8', Bool: 'bool'};

const folder = process.argv[2];
for (const file of arrowFiles(folder)) {
  const frame = pl.readIPC(readFileSync(join(folder, file)));
  for (const name of frame.columns) {
    const column = frame.getColumn(name);
    printColumn(file, frame.height, name, typeName(column.dtype), column.toArray());
  }
}

function typeName(type) {
  const list = /^FixedSizeList|^Array/.exec(type.variant ?? '');
  if (list) {
    return `float32[${type.listSize ?? type.inner?.[1] ?? ''}]`;
  }
  return NAMES[type.variant] ?? type.toString();
}
