import { type CommitReader, numberCommits, type NumberedCommit, skipsChangelog } from "./autorelease.ts";
import { decodeText, encodeText, unifiedDiff } from "./overlays/index.ts";
import { usesAutorelease } from "./render-release.ts";
import type { EditRecord, HistoryCommit, RenderedFile, ResolvedComponent } from "./types.ts";

/** What is needed to replace %autorelease and %autochangelog. */
export interface AutospecInput {
  readonly component: ResolvedComponent;
  readonly specFile: string;
  readonly files: ReadonlyMap<string, RenderedFile>;
  /** The upstream commit and a reader of its history; undefined for local components. */
  readonly upstream: { readonly commit: string; readonly read: CommitReader } | undefined;
  /** Commits of the project that changed the component. */
  readonly commits: number;
  /** `epoch:version` or version of a spec, undefined where it cannot be told. */
  readonly versionOf: (
    specText: string,
    files: ReadonlyMap<string, RenderedFile>,
  ) => string | undefined | Promise<string | undefined>;
}

const changelogLine = /^\s*%(?:autochangelog|\{\??autochangelog\})\s*$/;

/**
 * Gives %autorelease its number, as a macro on top of the spec, and puts entries in %autochangelog's place: the work of rpmautospec.
 * The number is the upstream commit's, raised by the project's commits, or 1 where an overlay changed the version. The entries are those of
 * the commits since the version last changed. Gives undefined where the spec uses neither, or defines `autorelease` itself.
 */
export async function applyAutospec(
  input: AutospecInput,
): Promise<{ spec: RenderedFile; edit: EditRecord } | undefined> {
  const spec = input.files.get(input.specFile);
  if (!spec) return undefined;
  const text = decodeText(spec.content);
  const lines = text.split("\n");
  const isReleased = lines.some((line) => !line.startsWith("#") && usesAutorelease(line));
  const changelogAt = lines.findIndex((line) => changelogLine.test(line));
  if ((!isReleased && changelogAt < 0) || lines.some((line) => /^\s*%define\s+autorelease\s*\(/.test(line)))
    return undefined;

  const chain = input.upstream
    ? await numberCommits(input.upstream.commit, input.upstream.read, (file) => versionIn(input, file))
    : [];
  const version = (await input.versionOf(text, input.files)) ?? versionText(text);
  const head = chain[0];
  const isSame =
    head !== undefined && (version === undefined || head.version === undefined || version === head.version);
  const number = Math.max(1, isSame ? head.number + input.commits : 1);

  const result = [...lines];
  if (changelogAt >= 0) {
    const entries = changelogEntries(chain, releaseFlags(lines));
    const hasHeader = lines.slice(0, changelogAt).some((line) => /^%changelog(?:\s|$)/i.test(line));
    result.splice(changelogAt, 1, ...(hasHeader ? [] : ["%changelog"]), ...entries);
  }
  if (isReleased) {
    result.unshift(
      "## RPMAUTOSPEC: autorelease",
      `%define autorelease(e:s:pb:n) %{?-p:0.}%[%{?-b*}%{!?-b:1} + ${number - 1}]%{?-e:.%{-e*}}%{?-s:.%{-s*}}%{!?-n:%{?dist}}`,
      "",
    );
  }
  const edit: EditRecord = {
    overlay: "autospec",
    type: isReleased ? "autorelease" : "autochangelog",
    description: isReleased ? `the release number is ${number}` : "write the changelog",
    origin: input.component.origin,
    file: input.specFile,
    diff: unifiedDiff(lines, result),
  };
  return { spec: { ...spec, content: encodeText(result.join("\n")) }, edit };
}

async function versionIn(input: AutospecInput, file: HistoryCommit["file"]): Promise<string | undefined> {
  if (!file) return undefined;
  const text = decodeText(file.content);
  return (await input.versionOf(text, new Map())) ?? versionText(text);
}

/** Stands for the version where it cannot be evaluated: the tags as written, with the definitions of the macros that they name. */
function versionText(text: string): string | undefined {
  const lines = text.split("\n");
  const tags = lines.filter((line) => /^(?:Version|Epoch)\s*:/i.test(line)).slice(0, 20);
  if (tags.length === 0) return undefined;
  const found = [...tags];
  for (let i = 0; i < found.length && found.length < 100; i++) {
    for (const [, name] of (found[i] ?? "").matchAll(/%\{?[?!]*([A-Za-z_][A-Za-z0-9_]*)/g)) {
      for (const line of lines) {
        if (/^%(?:global|define)\s/.test(line) && line.split(/\s+/, 2)[1] === name && !found.includes(line))
          found.push(line);
      }
    }
  }
  return asWritten + found.map((line) => line.trim()).join("\n");
}

const asWritten = "as written: ";

interface ReleaseFlags {
  readonly prefix: string;
  readonly base: number;
}

function releaseFlags(lines: readonly string[]): ReleaseFlags {
  const release = lines.find((line) => /^\s*Release\s*:/i.test(line) && usesAutorelease(line)) ?? "";
  return { prefix: /\s-p\b/.test(release) ? "0." : "", base: Number(/\s-b\s*([0-9]{1,6})/.exec(release)?.[1] ?? 1) };
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Entries, newest first. rpm wants their dates in falling order: a commit dated later than the one after it takes that one's date. */
function changelogEntries(chain: readonly NumberedCommit[], flags: ReleaseFlags): string[] {
  const entries: string[] = [];
  let latest = Number.POSITIVE_INFINITY;
  for (const { commit, version, number } of chain) {
    if (!commit.file || skipsChangelog(commit.message)) continue;
    latest = Math.min(latest, commit.time);
    const date = new Date(latest * 1000);
    const day = `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, "0")} ${date.getUTCFullYear()}`;
    const evr =
      version === undefined || version.startsWith(asWritten)
        ? ""
        : ` - ${version}-${flags.prefix}${number + flags.base - 1}`;
    if (entries.length > 0) entries.push("");
    entries.push(
      `* ${day} ${quote(commit.author)}${evr}`,
      ...itemsOf(commit.message).map((item) => `- ${quote(item)}`),
    );
  }
  return entries;
}

/** The first paragraph, then the items of a list that follows it. */
function itemsOf(message: string): string[] {
  const [subject = "", body = ""] = message.trim().split(/\n\s*\n/, 2);
  const items = [
    subject
      .replace(/^-\s*/, "")
      .split("\n")
      .map((line) => line.trim())
      .join(" "),
  ];
  if (!body.startsWith("-")) return items;
  for (const line of body.split("\n")) {
    if (line.trim().startsWith("-")) items.push(line.trim().slice(1).trim());
    else items.push(`${items.pop()} ${line.trim()}`);
  }
  return items;
}

function quote(text: string): string {
  return text.replaceAll("%", "%%").replace(/[\r\n]/g, " ");
}
