import { compareText } from "../../../core/index.ts";
import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import type { ProblemCause, TreeNode } from "../answer/types.ts";
import type { ExplainContext } from "./context.ts";
import { alike } from "./groups.ts";
import { type Contradiction, type ProofClause, type ProofScope, stepOf } from "./proof.ts";
import { Sentences } from "./sentences.ts";
import { byVersion, groupText, packageText } from "./words.ts";

/** A cause with what it is about, for hints. */
export interface StoryCause extends ProblemCause {
  /** Packages by number. */
  readonly members: readonly number[];
  readonly need: DependencyId;
  /** The package that stands in the way, 0 for none. */
  readonly against: number;
  /** Job of a request that names nothing there is, or -1. */
  readonly job: number;
}

export interface Story {
  readonly tree: readonly TreeNode[];
  readonly causes: readonly StoryCause[];
  /** From the request down to the first cause. */
  readonly chain: readonly string[];
  /** Jobs that the contradiction rests on, ascending. */
  readonly jobs: readonly number[];
}

interface Node {
  readonly text: string;
  readonly children: Node[];
}

interface Task {
  readonly scope: ProofScope;
  /** Packages of one name that are ruled out for reasons alike. */
  readonly members: readonly number[];
  readonly parent: Node;
  readonly depth: number;
}

/** Lines of a tree; what lies deeper than `deepest` is followed to its cause and not shown. */
const mostNodes = 60;
const deepest = 16;
const mostCauses = 12;

/** Tells a contradiction from the requests down to what cannot be. */
export function tellStory(contradiction: Contradiction, context: ExplainContext): Story {
  return new Teller(context).tell(contradiction);
}

class Teller {
  readonly #context: ExplainContext;
  readonly #say: Sentences;
  readonly #causes: StoryCause[] = [];
  readonly #jobs = new Set<number>();
  readonly #roots: Node[] = [];
  /** Nodes of packages that have to be installed. */
  readonly #wanted = new Map<number, Node>();
  readonly #told = new Set<number>();
  readonly #tasks: Task[] = [];
  #nodes = 0;

  constructor(context: ExplainContext) {
    this.#context = context;
    this.#say = new Sentences(context);
  }

  tell(contradiction: Contradiction): Story {
    this.#contradiction(contradiction, undefined, 0);
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) this.#ruledOut(task);
    return {
      tree: this.#roots,
      causes: this.#causes,
      chain: this.#chain(),
      jobs: [...this.#jobs].sort((a, b) => a - b),
    };
  }

  /** The way down the first branches, and the first cause at its end. */
  #chain(): string[] {
    const lines: string[] = [];
    for (let nodes: readonly Node[] = this.#roots; nodes[0] !== undefined; nodes = nodes[0].children)
      lines.push(nodes[0].text);
    return lines;
  }

  #add(parent: Node | undefined, text: string): Node {
    const node: Node = { text, children: [] };
    this.#nodes++;
    if (parent === undefined) this.#roots.push(node);
    else if (this.#nodes <= mostNodes) parent.children.push(node);
    return node;
  }

  #cause(
    kind: StoryCause["kind"],
    text: string,
    members: readonly number[],
    need: DependencyId,
    job = -1,
    against = 0,
  ): void {
    if (this.#causes.length >= mostCauses || this.#causes.some((known) => known.text === text)) return;
    const { pool } = this.#context;
    const packages = members.map((pkg) => pool.nevra(pkg)).sort(compareText);
    const dependency = need === 0 ? "" : pool.columns.dependencyText(need);
    this.#causes.push({ kind, text, packages, dependency, members, need, job, against });
  }

  /** A clause that nothing meets: told below the packages it starts from. `assumed` is the node of a package that was supposed. */
  #contradiction(contradiction: Contradiction, assumed: Node | undefined, depth: number): void {
    const { clause } = contradiction;
    const wanted = clause.literals.filter((literal) => literal < 0).map((literal) => -literal);
    const missing = clause.literals.filter((literal) => literal > 0);
    if (this.#say.isRequest(clause) || wanted.length === 0) {
      const parent = this.#say.isRequest(clause) ? this.#request(clause) : assumed;
      if (missing.length === 0) this.#bareClause(clause, parent, wanted);
      this.#queue(contradiction, missing, parent ?? this.#add(undefined, this.#say.clause(clause)), depth + 1);
      return;
    }
    const [last] = wanted.map((pkg) => this.#path(contradiction, pkg, assumed, depth)).slice(-1);
    const text = this.#say.clause(clause);
    const node = this.#add(last, text);
    if (missing.length === 0) this.#clauseCause(clause, text);
    this.#queue(contradiction, missing, node, depth + 1);
  }

  #request(clause: ProofClause): Node {
    const { job, text } = this.#say.request(clause);
    this.#jobs.add(job);
    const key = -1 - job;
    let node = this.#wanted.get(key);
    if (node === undefined) {
      node = this.#add(undefined, text);
      this.#wanted.set(key, node);
    }
    return node;
  }

  /** The node of a package that has to be there, below all that brings it. */
  #path(scope: ProofScope, pkg: number, assumed: Node | undefined, depth: number): Node | undefined {
    const way: { pkg: number; clause: ProofClause | undefined }[] = [];
    const seen = new Set<number>();
    let parent: Node | undefined;
    for (let at = pkg; !seen.has(at); ) {
      seen.add(at);
      const known = this.#wanted.get(at);
      if (known !== undefined) {
        parent = known;
        break;
      }
      const step = stepOf(scope, at);
      way.push({ pkg: at, clause: step?.clause });
      if (step === undefined || step.assumed) {
        parent = assumed;
        if (assumed !== undefined) way.pop();
        break;
      }
      const before = step.clause?.literals.find((literal) => literal < 0);
      if (step.clause !== undefined && this.#say.isRequest(step.clause)) {
        parent = this.#request(step.clause);
        break;
      }
      if (before === undefined) break;
      at = -before;
    }
    for (const { pkg: at, clause } of way.reverse()) {
      const from = clause?.info.from ?? 0;
      const why = clause !== undefined && from !== 0 && clause.info.dependency !== 0 && !this.#say.isRequest(clause);
      const text = why
        ? `requires ${this.#say.dependency(clause.info.dependency)}: ${packageText(this.#context.pool, at)}`
        : packageText(this.#context.pool, at);
      const node = this.#add(parent, text);
      const others = (clause?.literals ?? []).filter((literal) => literal > 0 && literal !== at);
      if (parent !== undefined) this.#queue(scope, others, parent, depth + 1);
      this.#wanted.set(at, node);
      parent = node;
    }
    return parent;
  }

  /** Puts packages that are ruled out in line to be told, those alike together, the newest of the first name first. */
  #queue(scope: ProofScope, packages: readonly number[], parent: Node, depth: number): void {
    const groups = alike(this.#context.pool, scope, packages);
    for (const members of groups.reverse()) this.#tasks.push({ scope, members, parent, depth });
  }

  /** Whether packages do not all ask for the very same. */
  #isVarious(scope: ProofScope, members: readonly number[]): boolean {
    return new Set(members.map((pkg) => stepOf(scope, pkg)?.clause?.info.dependency)).size > 1;
  }

  #ruledOut({ scope, members, parent, depth }: Task): void {
    const { pool } = this.#context;
    const open = members.filter((pkg) => !this.#told.has(pkg));
    const group = groupText(pool, members);
    if (open.length === 0) {
      this.#add(parent, `${group}: as said before`);
      return;
    }
    for (const pkg of open) this.#told.add(pkg);
    const [first] = byVersion(pool, open);
    const step = first === undefined ? undefined : stepOf(scope, first);
    if (first === undefined || step === undefined) return;
    if (step.cases !== undefined) {
      const node = this.#add(parent, group);
      this.#wanted.set(first, node);
      this.#contradiction(step.cases, node, depth);
      this.#wanted.delete(first);
      return;
    }
    if (step.clause !== undefined) this.#ruledOutBy(step.clause, first, members, scope, parent, depth);
  }

  #ruledOutBy(
    clause: ProofClause,
    pkg: number,
    members: readonly number[],
    scope: ProofScope,
    parent: Node,
    depth: number,
  ): void {
    const { pool } = this.#context;
    const { info } = clause;
    const group = groupText(pool, members);
    if (this.#say.isRequest(clause)) {
      const { job, text } = this.#say.request(clause);
      this.#jobs.add(job);
      this.#add(parent, `${group}: ${text}`);
      this.#cause("refused", text, [pkg], 0, job);
      return;
    }
    const own = info.from === pkg || info.from === 0;
    const many = members.length > 1;
    switch (info.type) {
      case "not-installable": {
        const text = `${group} ${this.#say.notInstallable(pkg)}`;
        this.#add(parent, text);
        this.#cause(pool.isConsidered(pkg) ? "not-installable" : "excluded", text, members, 0);
        return;
      }
      case "nothing-provides":
      case "requires": {
        const missing = clause.literals.filter((literal) => literal > 0 && literal !== pkg);
        const verb = many
          ? `require ${this.#say.exact(pkg, info.dependency, this.#isVarious(scope, members))}`
          : `requires ${this.#say.dependency(info.dependency)}`;
        if (missing.length === 0) {
          const text = `${group} ${verb}, ${this.#say.nobody(info.dependency)}`;
          this.#add(parent, text);
          this.#cause("nothing-provides", text, members, info.dependency);
          return;
        }
        const node = depth > deepest ? parent : this.#add(parent, `${group} ${verb}`);
        this.#queue(scope, missing, node, depth + 1);
        return;
      }
      default: {
        const other = info.from === pkg ? info.to : info.from;
        const present = clause.literals.filter((literal) => literal < 0 && -literal !== pkg).map((literal) => -literal);
        const text =
          other === 0 ? `${group} ${this.#say.verb(clause)}` : this.#say.against(clause, group, own, other, many);
        const node = this.#add(parent, text);
        this.#clauseCause(clause, text, members);
        // Why the other one is there is told beside, unless it is known already.
        for (const wanted of present) if (!this.#wanted.has(wanted)) this.#whyThere(scope, wanted, node, depth);
        this.#queue(
          scope,
          clause.literals.filter((literal) => literal > 0 && literal !== pkg),
          node,
          depth + 1,
        );
      }
    }
  }

  /** Below a node: from a package that has to be there up to the request that brings it. */
  #whyThere(scope: ProofScope, pkg: number, parent: Node, depth: number): void {
    const { pool } = this.#context;
    let node = parent;
    let at = pkg;
    for (let hops = 0; hops < 12; hops++) {
      const step = stepOf(scope, at);
      const clause = step?.clause;
      if (clause === undefined || step?.assumed === true) return;
      if (this.#say.isRequest(clause)) {
        const { job, text } = this.#say.request(clause);
        this.#jobs.add(job);
        this.#add(node, `${packageText(pool, at)} is there since ${text}`);
        this.#queue(
          scope,
          clause.literals.filter((literal) => literal > 0 && literal !== at),
          node,
          depth + 1,
        );
        return;
      }
      const before = clause.literals.find((literal) => literal < 0);
      if (before === undefined) {
        this.#add(node, `${packageText(pool, at)} is there since ${this.#say.clause(clause)}`);
        return;
      }
      node = this.#add(
        node,
        `${packageText(pool, at)} is there since ${packageText(pool, -before)} requires ${this.#say.dependency(clause.info.dependency)}`,
      );
      this.#queue(
        scope,
        clause.literals.filter((literal) => literal > 0 && literal !== at),
        node,
        depth + 1,
      );
      at = -before;
    }
  }

  #bareClause(clause: ProofClause, parent: Node | undefined, wanted: readonly number[]): void {
    const { job, text: asked } = this.#say.isRequest(clause) ? this.#say.request(clause) : { job: -1, text: "" };
    if (clause.info.type === "job-provided-by-system") {
      this.#add(parent, "the system itself provides it");
      this.#cause("refused", `${asked}, which the system itself provides`, wanted, clause.info.dependency, job);
      return;
    }
    const request = job < 0 ? this.#say.dependency(clause.info.dependency) : this.#context.requestOf(job);
    const text = `nothing provides ${request}`;
    this.#add(parent, text);
    this.#cause("unknown-request", text, [], clause.info.dependency, job);
  }

  #clauseCause(clause: ProofClause, text: string, members?: readonly number[]): void {
    const { info } = clause;
    const about = members ?? [info.from, info.to].filter((pkg) => pkg !== 0);
    switch (info.type) {
      case "nothing-provides":
      case "requires":
        return this.#cause("nothing-provides", text, [info.from], info.dependency);
      case "conflicts":
      case "self-conflict":
        return this.#cause("conflict", text, about, info.dependency, -1, info.from === about[0] ? info.to : info.from);
      case "obsoletes":
      case "implicit-obsoletes":
      case "installed-obsoletes":
      case "yumobs":
        return this.#cause("obsoletes", text, about, info.dependency);
      case "same-name":
        return this.#cause("same-name", text, about, info.dependency);
      default:
        return this.#cause("refused", text, about, info.dependency);
    }
  }
}
