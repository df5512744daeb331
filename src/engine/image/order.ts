import { compareText } from "../../core/index.ts";
import { type RpmPackage, sense } from "../../formats/rpm/index.ts";
import { leavesOf, parseCapability } from "../solve/index.ts";

/** Needed before this package's own scriptlets run. */
const strongBits = sense.prereq | sense.scriptPre | sense.scriptPost | sense.interp;

/**
 * An order in which each package follows what it requires; where packages need each other, what their scriptlets need comes first, and
 * then the name decides. Packages that own links at the top of the root (a merged /usr) come before all that they do not need.
 * Gives positions in `packages`, and for each the positions of what it requires.
 */
export function installOrder(packages: readonly RpmPackage[]): {
  readonly order: readonly number[];
  readonly requires: readonly (readonly number[])[];
} {
  const providers = providersOf(packages);
  const all = packages.map(() => new Set<number>());
  const strong = packages.map(() => new Set<number>());
  for (const [i, item] of packages.entries()) {
    for (const dependency of item.requires) {
      const tree = parseCapability(dependency.name);
      for (const { name } of tree === undefined ? [] : leavesOf(tree)) {
        for (const provider of providers.get(name) ?? []) {
          if (provider === i) continue;
          all[i]?.add(provider);
          if ((dependency.flags & strongBits) !== 0) strong[i]?.add(provider);
        }
      }
    }
  }
  const requires = all.map((set) => [...set].sort((a, b) => a - b));
  addBase(packages, all, strong);
  const names = packages.map((item) => `${item.name}-${item.version}-${item.release}.${item.arch}`);
  const byName = (a: number, b: number) => compareText(names[a] ?? "", names[b] ?? "") || a - b;
  const order: number[] = [];
  const everything = packages.map((_, i) => i).sort(byName);
  for (const group of components(everything, all, byName)) {
    if (group.length === 1) order.push(...group);
    else for (const inner of components(group.sort(byName), strong, byName)) order.push(...inner.sort(byName));
  }
  return { order, requires };
}

function providersOf(packages: readonly RpmPackage[]): Map<string, number[]> {
  const providers = new Map<string, number[]>();
  const add = (name: string, i: number) => {
    const list = providers.get(name);
    if (list === undefined) providers.set(name, [i]);
    else if (list.at(-1) !== i) list.push(i);
  };
  const paths = new Set(
    packages.flatMap((item) =>
      item.requires.map((dependency) => dependency.name).filter((name) => name.startsWith("/")),
    ),
  );
  for (const [i, item] of packages.entries()) {
    add(item.name, i);
    for (const { name } of item.provides) add(name, i);
    for (const { path } of item.files) if (paths.has(path)) add(path, i);
  }
  return providers;
}

/** Lets every package require those that make links at the top of the root, but for what these need themselves. */
function addBase(packages: readonly RpmPackage[], all: readonly Set<number>[], strong: readonly Set<number>[]): void {
  const isTopLink = (path: string, mode: number) => (mode & 0o170000) === 0o120000 && path.lastIndexOf("/") === 0;
  const base = packages.flatMap((item, i) => (item.files.some((f) => isTopLink(f.path, f.mode)) ? [i] : []));
  const needed = new Set(base);
  const open = [...base];
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    for (const next of all[i] ?? []) {
      if (needed.has(next)) continue;
      needed.add(next);
      open.push(next);
    }
  }
  for (const [i] of packages.entries()) {
    if (needed.has(i)) continue;
    for (const one of base) {
      all[i]?.add(one);
      strong[i]?.add(one);
    }
  }
}

/** Strongly connected components of the nodes, those that others need first (Tarjan 1972, without recursion). */
function components(
  nodes: readonly number[],
  edges: readonly ReadonlySet<number>[],
  compare: (a: number, b: number) => number,
): number[][] {
  const within = new Set(nodes);
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const found: number[][] = [];
  for (const start of nodes) {
    if (index.has(start)) continue;
    const work: { node: number; next: number[] }[] = [];
    const enter = (node: number) => {
      index.set(node, index.size);
      low.set(node, index.size - 1);
      stack.push(node);
      onStack.add(node);
      work.push({ node, next: [...(edges[node] ?? [])].filter((to) => within.has(to)).sort(compare) });
    };
    enter(start);
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { node } = frame;
      const to = frame.next.shift();
      if (to !== undefined) {
        if (!index.has(to)) enter(to);
        else if (onStack.has(to)) low.set(node, Math.min(low.get(node) ?? 0, index.get(to) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== index.get(node)) continue;
      const group: number[] = [];
      for (let member = -1; member !== node; ) {
        member = stack.pop() as number;
        onStack.delete(member);
        group.push(member);
      }
      found.push(group);
    }
  }
  return found;
}
