import { posix } from "node:path";
import { compareText, digestOf, Fingerprint, WeirError } from "../../core/index.ts";
import { readBelow, readLocalFolder } from "./render-local.ts";
import { visitValues } from "./merge.ts";
import type { Origin, Project, ResolvedComponent } from "./types.ts";

/** One thing that decides what a component becomes, or a group of such things. */
export interface InputNode {
  /** Name among its siblings: `overlays`, `3`, `value`. */
  readonly name: string;
  /** Over the value, or over all that is below. */
  readonly digest: string;
  /** As text, of leaves; the content of files is shown by its digest. */
  readonly value?: string;
  /** Where a leaf was written; absent for defaults of the format and for files. */
  readonly origin?: Origin;
  /** The table that it was written in, in words. */
  readonly layer?: string;
  /** Sorted by name, numbers by size. */
  readonly children?: readonly InputNode[];
}

/** Keys that tell people something and decide nothing, as azldev leaves them out of its fingerprint. */
const undecided =
  /^(?:publish|packages|build\.(?:failure|hints|check\.skip_reason))(?:[.[]|$)|^overlays\[\d+\]\.(?:description|metadata)(?:[.[]|$)|^overlays\[\d+\]\.source$|^source-files\[\d+\]\.(?:origin|replace-reason)(?:[.[]|$)|^spec\.(?:path|upstream-distro\.snapshot)$/;

interface Leaf {
  readonly value: string;
  readonly origin?: Origin | undefined;
  readonly layer?: string | undefined;
}

/**
 * Everything that decides what a component is rendered to, as a tree of digests: its resolved settings, the upstream commit or the files of
 * the local spec, the files that overlays add, the distribution's release version, the count of rebuilds. Descriptions, reasons and routing
 * are left out. Without a locked or pinned commit the snapshot and the branch stand for it. Nothing of upstream is asked.
 * Errors: those of reading a local spec's folder.
 */
export async function componentInputs(project: Project, component: ResolvedComponent): Promise<InputNode> {
  const leaves = new Map<string, Leaf>();
  const { config, origins, layers } = component;
  visitValues(config, (key, value) => {
    if (undecided.test(key)) return;
    leaves.set(key, { value: String(value), origin: origins.get(key), layer: layers?.get(key) });
  });
  await addOverlayFiles(project, component, leaves);
  leaves.set("release-ver", { value: project.releaseVersion });
  leaves.set("rebuilds", { value: String(component.lock?.manualBump ?? 0) });
  await addSource(project, component, leaves);
  return treeOf(
    "",
    [...leaves].map(([key, leaf]) => ({ path: pathOf(key), leaf })),
  );
}

async function addOverlayFiles(
  project: Project,
  component: ResolvedComponent,
  leaves: Map<string, Leaf>,
): Promise<void> {
  for (const [index, overlay] of component.config.overlays.entries()) {
    if (!overlay.source) continue;
    const key = `overlays[${index}].source`;
    const origin = component.origins.get(key);
    const file = await readBelow(project.root, overlay.source, origin);
    const name = overlay.file || posix.basename(overlay.source);
    const value = file === undefined ? `${name}: missing` : `${name}: sha256 ${digestOf(file.content)}`;
    leaves.set(key, { value, origin, layer: component.layers?.get(key) });
  }
}

async function addSource(project: Project, component: ResolvedComponent, leaves: Map<string, Leaf>): Promise<void> {
  const { spec } = component.config;
  if (spec.type === "local") {
    if (spec.path === undefined) return;
    const files = await readLocalFolder(project.root, spec.path, component.origins.get("spec.path"));
    for (const [name, file] of files) leaves.set(`files\0${name}`, { value: `sha256 ${digestOf(file.content)}` });
    return;
  }
  const address = component.upstream;
  if (address === undefined) return;
  const at = (key: string) => ({ origin: component.origins.get(key), layer: component.layers?.get(key) });
  leaves.set("source\0name", { value: address.name, ...at("spec.upstream-name") });
  if (address.commit !== undefined) {
    const pinned = component.lock?.upstreamCommit === undefined;
    leaves.set("source\0commit", {
      value: address.commit,
      ...(pinned ? at("spec.upstream-commit") : { layer: "the lock" }),
    });
    return;
  }
  leaves.set("source\0branch", { value: address.branch });
  if (address.snapshot !== undefined)
    leaves.set("source\0snapshot", { value: address.snapshot, ...at("spec.upstream-distro.snapshot") });
}

/** `overlays[3].value` → overlays, 3, value. Names of files and macros may hold dots: keys with NUL are split there alone. */
function pathOf(key: string): string[] {
  if (key.includes("\0")) return key.split("\0");
  const map = /^(build\.defines|packages)\.([\s\S]*)$/.exec(key);
  if (map) return [...(map[1] ?? "").split("."), map[2] ?? ""];
  return key.split(/[.[\]]+/).filter((part) => part !== "");
}

interface Placed {
  readonly path: readonly string[];
  readonly leaf: Leaf;
}

function treeOf(name: string, placed: readonly Placed[]): InputNode {
  const groups = new Map<string, Placed[]>();
  for (const { path, leaf } of placed) {
    const [first = "", ...rest] = path;
    const group = groups.get(first) ?? [];
    group.push({ path: rest, leaf });
    groups.set(first, group);
  }
  const children = [...groups]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([child, inner]) => {
      const [only] = inner;
      return only !== undefined && only.path.length === 0 ? leafNode(child, only.leaf) : treeOf(child, inner);
    });
  const print = new Fingerprint();
  for (const child of children) print.add(child.name, child.digest);
  return { name, digest: print.hex(), children };
}

function leafNode(name: string, { value, origin, layer }: Leaf): InputNode {
  return {
    name,
    digest: digestOf(value),
    value,
    ...(origin === undefined ? {} : { origin }),
    ...(layer === undefined ? {} : { layer }),
  };
}

function compareNames(a: string, b: string): number {
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : compareText(a, b);
}

/** What a lock file keeps of a component's inputs: tells Weir's fingerprints from azldev's. */
export function inputFingerprint(inputs: InputNode): string {
  return `weir1:${inputs.digest}`;
}

/** A leaf, or a whole table, that is not the same in two trees. */
export interface InputChange {
  /** From the root: `overlays/3/value`. */
  readonly path: string;
  readonly before: InputNode | undefined;
  readonly after: InputNode | undefined;
}

const mostDepth = 64;

/** The leaves in which two trees differ, by path; a table that is new or gone is one. Only branches whose digests differ are walked. */
export function inputChanges(before: InputNode | undefined, after: InputNode | undefined): InputChange[] {
  const changes: InputChange[] = [];
  const walk = (path: string, a: InputNode | undefined, b: InputNode | undefined, depth: number): void => {
    if (a?.digest === b?.digest) return;
    if (depth > mostDepth) throw new WeirError("COMPONENT_INPUTS_TOO_DEEP", "the inputs nest too deep to compare");
    const left = a?.children;
    const right = b?.children;
    // What is new or gone as a whole is one change; the groups at the top are not worth one.
    const isWhole = (a === undefined || b === undefined) && path.includes("/");
    if (isWhole || (left === undefined && right === undefined)) {
      changes.push({ path, before: a, after: b });
      return;
    }
    // A leaf that became a table, or the other way round, is both gone and new.
    if (a !== undefined && left === undefined) changes.push({ path, before: a, after: undefined });
    if (b !== undefined && right === undefined) changes.push({ path, before: undefined, after: b });
    for (const [one, other] of pairs(left ?? [], right ?? [])) {
      const name = (other ?? one)?.name ?? "";
      walk(path === "" ? name : `${path}/${name}`, one, other, depth + 1);
    }
  };
  walk("", before, after, 0);
  return changes;
}

type Pair = readonly [InputNode | undefined, InputNode | undefined];

/** Children that belong together: by name, in lists by what they hold, so that an element put in front changes no other. */
function pairs(left: readonly InputNode[], right: readonly InputNode[]): Pair[] {
  const isList = (nodes: readonly InputNode[]) => nodes.every((node) => /^\d+$/.test(node.name));
  if (isList(left) && isList(right)) return listPairs(left, right);
  const names = [...new Set([...left, ...right].map((node) => node.name))].sort(compareNames);
  return names.map((name) => [left.find((node) => node.name === name), right.find((node) => node.name === name)]);
}

function listPairs(left: readonly InputNode[], right: readonly InputNode[]): Pair[] {
  const byDigest = new Map<string, number[]>();
  for (const [index, node] of right.entries()) {
    const known = byDigest.get(node.digest);
    if (known === undefined) byDigest.set(node.digest, [index]);
    else known.push(index);
  }
  const result: Pair[] = [];
  let from = 0;
  let to = 0;
  const gap = (leftEnd: number, rightEnd: number): void => {
    for (; from < leftEnd || to < rightEnd; from++, to++)
      result.push([from < leftEnd ? left[from] : undefined, to < rightEnd ? right[to] : undefined]);
    from = leftEnd;
    to = rightEnd;
  };
  for (const [index, node] of left.entries()) {
    const match = byDigest.get(node.digest)?.find((candidate) => candidate >= to);
    if (match === undefined) continue;
    gap(index, match);
    result.push([node, right[match]]);
    from = index + 1;
    to = match + 1;
  }
  gap(left.length, right.length);
  return result;
}

/** The first leaf of a tree: where a table was written is told by it. */
export function firstLeaf(node: InputNode | undefined): InputNode | undefined {
  let at = node;
  while (at?.children !== undefined && at.children.length > 0) at = at.children[0];
  return at;
}
