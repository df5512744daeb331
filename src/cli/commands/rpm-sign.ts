import { resolve } from "node:path";
import {
  type Cell,
  type Finding,
  makeReport,
  messageOf,
  readGivenFile,
  type Report,
  type Skip,
  systemCode,
  WeirError,
} from "../../core/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { commandRules } from "../rules.ts";

export async function verify(input: CommandInput, context: CommandContext): Promise<Report> {
  const { Keyring, describeSignature, openKeyring, verifyPackage } = await import("../../adapters/openpgp/index.ts");
  const paths = input.options.list("keyring");
  const hasKeys = paths.length > 0;
  const keyring = hasKeys ? await openKeyring(paths.map((path) => resolve(context.cwd, path))) : new Keyring([]);
  const findings: Finding[] = [];
  const skips: Skip[] = keyring.unreadable.map(({ where, reason }) => ({ subject: where, reason }));
  const rows: Cell[][] = [];
  const data: unknown[] = [];
  const step = context.progress.step("verify packages", input.args.length);
  for (const [i, file] of input.args.entries()) {
    context.signal.throwIfAborted();
    const path = resolve(context.cwd, file);
    const report = (rule: keyof typeof commandRules & `RPM${string}`, message: string) =>
      findings.push({
        rule,
        severity: commandRules[rule].severity,
        subject: file,
        message,
        evidence: [],
        remedy: commandRules[rule].remedy,
      });
    const found = await orDamage(
      () => verifyPackage({ path }, file, keyring, { allowWeak: input.options.flag("allowWeak") }),
      (message) => report("RPM001", message),
    );
    if (!found) continue;
    for (const check of found.checks) {
      rows.push([file, check.what, check.status, ""]);
      if (check.status === "bad") {
        report("RPM001", `${check.what} is ${check.actual} and not ${check.expected}`);
      }
    }
    if (!found.ok && found.checks.every(({ status }) => status !== "bad")) {
      report("RPM001", "no digest covers both header and payload");
    }
    for (const signature of found.signatures) {
      const words = `${describeSignature(signature.info)} over ${signature.covers}`;
      rows.push([file, words, hasKeys ? signature.status : "unjudged", signature.signer || signature.reason]);
      if (signature.status === "bad") report("RPM002", `${words}: ${signature.reason}`);
      else if (signature.status === "not-trusted") report("RPM003", `${words}: ${signature.reason}`);
      else if (!hasKeys) skips.push({ subject: file, reason: `${words}: no keyring was given` });
    }
    const accounted = findings.some(({ subject, rule }) => subject === file && rule !== "RPM005");
    if (hasKeys && !found.trusted && !accounted) {
      report("RPM004", found.signed ? "no signature is by a key of the keyring" : "the package is not signed");
    }
    if (input.options.flag("deep")) {
      const damaged = await orDamage(
        () => damagedFiles(path, file),
        (message) => report("RPM005", message),
      );
      for (const name of damaged ?? []) report("RPM005", `${name} is not what the header states`);
    }
    const { ok, trusted, signed, checks, signatures } = found;
    data.push({ file, ok, trusted, signed, checks, signatures });
    step.update({ done: i + 1 });
  }
  step.end("done");
  const bad = new Set(findings.map(({ subject }) => subject)).size;
  return makeReport("rpm-verification", "", {
    summary: [
      bad === 0
        ? `${input.args.length} packages, ${hasKeys ? "all trusted" : "all digests are right"}.`
        : `${bad} of ${input.args.length} packages did not pass.`,
    ],
    tables: [{ id: "checks", title: "", columns: ["package", "check", "result", "by"], rows }],
    findings,
    skips,
    data: { schema: "weir/rpm-verification/1", packages: data },
  });
}

/** What is wrong with one package is a finding, so that the others are verified too; one that is not there is an error. */
async function orDamage<T>(work: () => Promise<T>, onDamage: (message: string) => void): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WeirError) || error.kind !== "input" || error.code === "RPM_UNREADABLE") throw error;
    onDamage(error.message);
    return undefined;
  }
}

async function damagedFiles(path: string, where: string): Promise<string[]> {
  const { readPayload } = await import("../../formats/archive/index.ts");
  const damaged: string[] = [];
  for await (const event of readPayload(path, { where })) {
    if (event.kind === "end" && event.digest === "bad") damaged.push(event.file.path);
  }
  return damaged;
}

export async function sign(input: CommandInput, context: CommandContext): Promise<Report> {
  const { openSigner, signPackage } = await import("../../adapters/openpgp/index.ts");
  const key = input.options.text("key");
  if (key === undefined) {
    throw new WeirError("CLI_OPTION_MISSING", "the key to sign with is missing", { hints: ["give it: --key FILE"] });
  }
  const passphrase = await passphraseOf(input.options.text("passphraseFile"), context.cwd);
  const signer = await openSigner({ path: resolve(context.cwd, key) }, key, passphrase);
  const time = signingTime();
  const rows: Cell[][] = [];
  for (const file of input.args) {
    context.signal.throwIfAborted();
    if (context.dryRun) {
      rows.push([file, "would be signed"]);
      continue;
    }
    const done = await signPackage(resolve(context.cwd, file), file, signer, { time });
    rows.push([file, done.unchanged ? "was signed so already" : `signed (${done.slots.join(", ")})`]);
  }
  return makeReport("rpm-signed", "", {
    summary: [
      `${input.args.length} packages ${context.dryRun ? "would be" : "are"} signed by ${signer.userId || signer.keyId}, key ID ${signer.keyId}.`,
    ],
    tables: [{ id: "packages", title: "", columns: ["package", "result"], rows }],
  });
}

async function passphraseOf(file: string | undefined, cwd: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return (await readGivenFile(resolve(cwd, file), 1 << 20, file)).toString("utf8").split(/\r?\n/, 1)[0];
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError("CLI_FILE_UNREADABLE", `cannot read the file (${systemCode(error) ?? messageOf(error)})`, {
      where: file,
      hints: ["check the path and its permissions"],
    });
  }
}

/** SOURCE_DATE_EPOCH, or now: a signature's time is a fact about the act of signing. */
function signingTime(): number {
  const text = process.env.SOURCE_DATE_EPOCH;
  if (text === undefined || text === "") return Math.floor(Date.now() / 1000);
  if (/^[0-9]{1,10}$/.test(text)) return Number(text);
  throw new WeirError("CLI_EPOCH_MALFORMED", `SOURCE_DATE_EPOCH is ${text}, which is no number of seconds`, {
    hints: ["give seconds since 1970, or leave it unset"],
  });
}
