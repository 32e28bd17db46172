// Prints what apache-arrow reads in the Arrow files of a folder.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {DataType, tableFromIPC} from 'apache-arrow';
import {arrowFiles, printColumn} from './lines.mjs';

const folder = process.argv[2];
for (const file of arrowFiles(folder)) {
  const table = tableFromIPC(readFileSync(join(folder, file)));
  for (const field of table.schema.fields) {
    printColumn(file, table.numRows, field.name, typeName(field.type), table.getChild(field.name));
  }
}

function typeName(type) {
  if (DataType.isFixedSizeList(type)) {
    return `${typeName(type.children[0].type)}[${type.listSize}]`;
  }
  return type.toString().toLowerCase();
}
