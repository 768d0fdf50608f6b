// Whether node_modules is complete and current, from files alone: nothing here touches the network.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const packagesOf = (file) => {
  const { '': _project, ...packages } = JSON.parse(readFileSync(file, 'utf8')).packages;
  return Object.entries(packages);
};

const allows = (list, value) =>
  list === undefined ||
  ((list.includes(value) || !list.some((item) => !item.startsWith('!'))) && !list.includes(`!${value}`));

const libc = () => {
  if (process.platform !== 'linux') return undefined;
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
};

/** An optional package is left out by npm on machines that it is not made for, and so are the parts of such a one. */
const mayBeAbsent = (entry) => {
  if (!entry.optional) return false;
  if (entry.os === undefined && entry.cpu === undefined) return true;
  if (!allows(entry.os, process.platform) || !allows(entry.cpu, process.arch)) return true;
  return entry.libc !== undefined && !allows(entry.libc, libc());
};

const present = (path, entry, installed) =>
  installed !== undefined &&
  installed.version === entry.version &&
  installed.integrity === entry.integrity &&
  existsSync(join(root, path, 'package.json'));

/** The first package that package-lock.json names and node_modules lacks or has in another version; undefined when all is there. */
export const firstMissing = () => {
  // npm writes this file last, so an install that was broken off has none.
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules';
  const installed = new Map(packagesOf(record));
  return packagesOf(join(root, 'package-lock.json')).find(([path, entry]) => {
    // What comes inside another package is as that one's archive has it, which is checked whole.
    if (entry.inBundle) return false;
    const found = installed.get(path);
    return !present(path, entry, found) && !(found === undefined && mayBeAbsent(entry));
  })?.[0];
};
