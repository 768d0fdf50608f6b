// Sums the reports of the test runners in a folder (Vitest's JSON) and the steps that failed without a test of their own.
// Prints what failed by name, then `N passed, N failed` as the last line; exit code 1 when any failed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const folder = process.argv[2];

const testsOf = ({ name, assertionResults }) =>
  assertionResults.map(({ fullName, status }) => ({ name: `${relative('.', name)} > ${fullName}`, status }));

/** A file that failed before or after its tests, such as one that cannot be imported. */
const brokenFiles = ({ name, status, assertionResults }) =>
  status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
    ? [{ name: `${relative('.', name)} (the file itself)`, status: 'failed' }]
    : [];

const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
const tests = reports.flatMap(({ testResults }) =>
  testResults.flatMap((file) => [...testsOf(file), ...brokenFiles(file)]),
);
const passed = tests.filter(({ status }) => status === 'passed').length;
const failed = tests.filter(({ status }) => status !== 'passed').map(({ name, status }) => `${status}: ${name}`);

const stepsFile = join(folder, 'failed.txt');
const steps = existsSync(stepsFile) ? readFileSync(stepsFile, 'utf8').trim().split('\n') : [];
// npm test fails whenever one of its tests does, which is counted already; skipped ones do not make it fail.
const testFailed = tests.some(({ status }) => status === 'failed');
failed.push(...steps.filter((step) => !(step === 'npm test' && testFailed)).map((step) => `failed: ${step}`));
if (tests.length === 0 && !steps.includes('npm test')) failed.push('failed: npm test ran no test');

for (const line of failed) console.log(line);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
