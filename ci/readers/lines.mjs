// The lines that README.md tells, from columns of plain values.
import {createHash} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {join, relative, sep} from 'node:path';

/** Returns the paths of the Arrow files in a folder, in the order of their names. */
export function arrowFiles(folder) {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && entry.name.endsWith('.arrow'))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .map((name) => name.split(sep).join('/'))
    .sort();
}

/** Prints one column; `values` are numbers, bigints, booleans, strings, arrays of numbers or null. */
export function printColumn(file, rows, name, type, values) {
  const hash = createHash('sha256');
  let count = 0;
  for (const value of values) {
    count++;
    hash.update(value === null || value === undefined ? Buffer.from([0]) : encoded(type, value));
  }
  if (count !== rows) {
    throw new Error(`${file}: ${name} has ${count} values, expected ${rows}`);
  }
  console.log([file, rows, name, type, hash.digest('hex')].join('\t'));
}

function encoded(type, value) {
  if (type === 'utf8') {
    const text = Buffer.from(value, 'utf8');
    const head = Buffer.alloc(5);
    head.writeUInt8(1);
    head.writeUInt32BE(text.length, 1);
    return Buffer.concat([head, text]);
  }
  if (type === 'bool') {
    return Buffer.from([1, value ? 1 : 0]);
  }
  if (type.startsWith('float32[')) {
    const items = Array.from(value);
    const bytes = Buffer.alloc(1 + 4 * items.length);
    bytes.writeUInt8(1);
    items.forEach((item, i) => bytes.writeFloatBE(item, 1 + 4 * i));
    return bytes;
  }
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(1);
  if (type === 'float64') {
    bytes.writeDoubleBE(value, 1);
  } else {
    bytes.writeBigInt64BE(BigInt(value), 1);
  }
  return bytes;
}
