import type { Random } from "../diff/random.ts";

/** Two solves or more over a universe of a few packages, as text of a case without its results. */
export interface TinyCase {
  /** Repositories, system, vendors: each piece a line, or a package with its tags. */
  readonly setup: readonly string[];
  /** Commands of each solve. */
  readonly solves: readonly (readonly string[])[];
}

const names = ["a", "b", "c", "d", "e", "f"];
const capabilities = ["v", "w"];
const versions = ["1-1", "2-1", "2-2", "3-1"];
const operators = ["<", "<=", "=", ">=", ">"];
const flagChoices = [
  "allowdowngrade",
  "!allownamechange",
  "allowarchchange",
  "allowvendorchange",
  "allowuninstall",
  "noupdateprovide",
  "needupdateprovide",
  "ignorerecommended",
  "addalreadyrecommended",
  "strongrecommends",
  "noinfarchcheck",
  "keepexplicitobsoletes",
  "bestobeypolicy",
  "noautotarget",
  "!dupallowdowngrade",
  "!dupallowarchchange",
  "!dupallowvendorchange",
  "!dupallownamechange",
  "keeporphans",
  "breakorphans",
  "focusinstalled",
  "focusnew",
  "focusbest",
  "yumobsoletes",
  "urpmreorder",
  "installalsoupdates",
  "strictrepopriority",
];
const poolFlagChoices = [
  "forbidselfconflicts",
  "obsoleteusesprovides",
  "implicitobsoleteusesprovides",
  "obsoleteusescolors",
  "implicitobsoleteusescolors",
  "noinstalledobsoletes",
  "whatprovideswithdisabled",
];

/** A universe with everything a case can say, and jobs over it. */
export function tinyCase(random: Random): TinyCase {
  const setup: string[] = [];
  const some = (one: number, of: number): boolean => random.below(of) < one;
  const arch = random.weighted([
    [5, "x86_64"],
    [2, "i686"],
    [2, "unset"],
  ] as const);
  const archs = arch === "unset" ? ["noarch"] : some(1, 2) ? ["noarch"] : ["noarch", "x86_64", "i686"];
  const identities: string[] = [];
  const range = (name: string): string =>
    some(1, 2)
      ? name
      : `${name} ${random.pick(operators)} ${some(1, 3) ? random.pick(["1", "2", "3"]) : random.pick(versions)}`;
  const simple = (): string => range(random.pick(some(1, 5) ? capabilities : names));
  const dependency = (depth = 0): string => {
    if (depth > 1 || !some(1, depth === 0 ? 8 : 5)) return simple();
    const [left, right] = [dependency(depth + 1), dependency(depth + 1)];
    const wrap = (text: string): string => (/ ([&|+-]|<[A-Z])/.test(text) ? `(${text})` : text);
    switch (random.below(7)) {
      case 0:
        return `${wrap(left)} & ${wrap(right)}`;
      case 1:
      case 2:
        return `${wrap(left)} | ${wrap(right)}`;
      case 3:
        return `${wrap(left)} <IF> ${wrap(right)}`;
      case 4:
        return `${wrap(left)} <IF> (${wrap(right)} <ELSE> ${simple()})`;
      case 5:
        return `${wrap(left)} <UNLESS> ${wrap(right)}`;
      default:
        return `${simple()} ${random.pick(["+", "-"])} ${simple()}`;
    }
  };
  const addPackages = (repository: string, count: number): void => {
    const used = new Set<string>();
    for (let index = 0; index < count; index++) {
      const name = random.pick(names);
      const evr = random.pick(versions);
      const packageArch = random.pick(archs);
      const key = repository === "system" ? `${name}.${packageArch}` : `${name}-${evr}.${packageArch}`;
      if (used.has(key)) continue;
      used.add(key);
      identities.push(`${name}-${evr}.${packageArch}@${repository}`);
      const [version, release] = evr.split("-");
      const lines = [`#>=Pkg: ${name} ${version} ${release} ${packageArch}`, `#>=Prv: ${name} = ${evr}`];
      if (some(1, 4))
        lines.push(`#>=Prv: ${random.pick(capabilities)}${some(1, 2) ? ` = ${random.pick(versions)}` : ""}`);
      if (some(1, 10)) lines.push(`#>=Prv: ${random.pick(names)} = ${random.pick(versions)}`);
      for (const [tag, one, of] of [
        ["Req", 1, 2],
        ["Req", 1, 3],
        ["Con", 1, 8],
        ["Obs", 1, 10],
        ["Rec", 1, 5],
        ["Sug", 1, 12],
        ["Sup", 1, 12],
        ["Enh", 1, 16],
      ] as const)
        if (some(one, of)) lines.push(`#>=${tag}: ${tag === "Obs" ? range(random.pick(names)) : dependency()}`);
      if (some(1, 5)) lines.push(`#>=Vnd: ${random.pick(["one", "two"])}`);
      setup.push(lines.join("\n"));
    }
  };
  setup.push("repo system 0 testtags <inline>\n#>=Ver: 3.0");
  if (some(3, 4)) addPackages("system", random.below(6));
  setup.push("repo available 0 testtags <inline>\n#>=Ver: 3.0");
  addPackages("available", 2 + random.below(10));
  if (some(1, 3)) {
    setup.push(`repo other ${random.pick([-1, 0, 0, 1])} testtags <inline>\n#>=Ver: 3.0`);
    addPackages("other", 1 + random.below(6));
  }
  setup.push(`system ${arch} rpm system`);
  if (some(1, 5)) setup.push(`poolflags ${random.pick(poolFlagChoices)}`);
  const solves = [0, 1].map(() => {
    const commands: string[] = [];
    if (some(1, 12) && identities.length > 0) commands.push(`disable pkg ${random.pick(identities)}`);
    const flags = Array.from({ length: some(1, 2) ? 0 : 1 + random.below(3) }, () => random.pick(flagChoices));
    if (flags.length > 0) commands.push(`solverflags ${[...new Set(flags)].join(" ")}`);
    const jobs = 1 + random.below(4);
    for (let index = 0; index < jobs; index++)
      commands.push(`job ${randomJob(random, identities, simple, dependency)}`);
    return commands;
  });
  return { setup, solves };
}

function randomJob(
  random: Random,
  identities: readonly string[],
  simple: () => string,
  dependency: () => string,
): string {
  const action = random.weighted([
    [12, "install"],
    [4, "erase"],
    [6, "update"],
    [4, "distupgrade"],
    [1, "verify"],
    [2, "lock"],
    [1, "multiversion"],
    [1, "favor"],
    [1, "disfavor"],
    [1, "allowuninstall"],
    [1, "droporphaned"],
    [1, "userinstalled"],
    [1, "excludefromweak"],
    [1, "weakendeps"],
  ] as const);
  const select = random.weighted<string>([
    [8, `name ${simple()}`],
    [3, `provides ${dependency()}`],
    [3, identities.length === 0 ? "all packages" : `pkg ${random.pick(identities)}`],
    [
      1,
      identities.length === 0
        ? "oneof nothing"
        : `oneof ${[...new Set([random.pick(identities), random.pick(identities)])].join(" ")}`,
    ],
    [1, "repo available"],
    [action === "update" || action === "distupgrade" || action === "verify" ? 8 : 0, "all packages"],
  ]);
  const flags = [
    "weak",
    "essential",
    "cleandeps",
    "orupdate",
    "forcebest",
    "targeted",
    "notbyuser",
    "setevr",
    "setarch",
    "setrepo",
    "setvendor",
    "noautoset",
  ];
  const chosen = random.below(3) === 0 ? ` [${random.pick(flags)}]` : "";
  return `${action} ${select}${chosen}`;
}

/** The text of a case; results of each solve, where given, are what is expected. */
export function tinyCaseText(
  { setup, solves }: TinyCase,
  sections: string,
  results?: readonly (readonly string[])[],
): string {
  const texts = solves.map((commands, index) =>
    [...commands, `result ${sections} <inline>`, ...(results?.[index] ?? []).map((line) => `#>${line}`)].join("\n"),
  );
  return `${setup.join("\n")}\n${texts.join("\nnextjob\n")}\n`;
}
