import { resolve } from "node:path";
import { readGivenFile, WeirError } from "../../core/index.ts";
import { type Answer, solutionDocument, type Wish } from "../../engine/solve/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { type OpenedQuestion, openQuestion, requestHint, splitArguments } from "../open-question.ts";
import { problemText, solutionReport } from "./solve-view.ts";

export async function solve(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { where, requests } = splitArguments(input, context);
  const wishes = await wishesOf(requests, input, context);
  const lockPath = input.options.text("lock");
  if (wishes.length === 0 && !input.options.flag("distroSync") && lockPath === undefined) {
    throw new WeirError("USAGE_REQUEST_MISSING", "nothing is asked for", {
      hints: [requestHint("solve", where)],
    });
  }
  const opened = await openQuestion(input, context, wishes, where);
  const answer =
    lockPath === undefined ? await opened.ask(opened.question) : await locked(lockPath, opened, input, context);
  const document = solutionDocument(answer.result, {
    arch: opened.arch,
    requests: answer.requests,
    repositories: opened.repositories,
    problems: answer.problems,
  });
  const freeze = input.options.text("freeze");
  if (freeze !== undefined && !context.dryRun) await freezeAnswer(resolve(context.cwd, freeze), answer, opened.arch);
  if (input.options.flag("verify") && answer.problems.length === 0) await verify(answer);
  const report = solutionReport(document, opened.skips);
  const after = opened.save;
  if (document.problems.length === 0) return { report, exitCode: 0, after };
  return { report, exitCode: 1, text: problemText(document.problems), after };
}

/** Everything asked for on the command line and in files of requests, in that order. */
async function wishesOf(requests: readonly string[], input: CommandInput, context: CommandContext): Promise<Wish[]> {
  const { options } = input;
  const wishes: Wish[] = [];
  const add = (action: Wish["action"], texts: readonly string[]): void => {
    for (const text of texts)
      if (!wishes.some((wish) => wish.action === action && wish.text === text)) wishes.push({ action, text });
  };
  add("install", requests);
  for (const file of options.list("file")) add("install", await requestsOfFile(file, context));
  add("remove", options.list("remove"));
  add("update", options.list("update"));
  add("downgrade", options.list("downgrade"));
  add("lock", options.list("lockPackage"));
  add("favor", options.list("favor"));
  add("disfavor", options.list("disfavor"));
  add("multiversion", options.list("installonly"));
  return wishes;
}

/** A request a line; `#` begins a comment. */
async function requestsOfFile(file: string, context: CommandContext): Promise<string[]> {
  let text: string;
  try {
    text = (await readGivenFile(resolve(context.cwd, file), 64 << 20, file)).toString("utf8");
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError("SOLVE_FILE_UNREADABLE", "the file of requests cannot be read", {
      where: file,
      cause: error,
      hints: ["name a text file with a request a line"],
    });
  }
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*/, "").trim())
    .filter((line) => line !== "");
}

/** Writes the question, with what was found, as a case that can be asked again without the repositories. */
async function freezeAnswer(path: string, answer: Answer, arch: string): Promise<void> {
  const [{ freezeQuestion }, { writeFileIfChanged }] = await Promise.all([
    import("../../engine/solve/freeze/index.ts"),
    import("../../core/index.ts"),
  ]);
  const comments = answer.problems.map((problem) => problem.message);
  await writeFileIfChanged(path, freezeQuestion(answer.result.pool, { ...answer.question, arch, comments }));
}

/** Throws where the judge finds fault with the answer: then it is a bug. */
async function verify(answer: Answer): Promise<void> {
  const { verifySolution } = await import("../../engine/solve/index.ts");
  const complaints = verifySolution(answer.result.pool, answer.result);
  if (complaints.length > 0) throw new Error(`the answer does not hold: ${complaints.slice(0, 5).join("; ")}`);
}

/** The answer of a lock file; where there is none yet, or a new one is wanted, it is written. */
async function locked(
  path: string,
  opened: OpenedQuestion,
  input: CommandInput,
  context: CommandContext,
): Promise<Answer> {
  const lock = await import("./solve-lock.ts");
  const full = resolve(context.cwd, path);
  const known = input.options.flag("updateLock") ? undefined : await lock.readLock(full, path);
  if (known !== undefined) return lock.askLocked(known, path, opened);
  if (opened.question.wishes.length === 0) {
    throw new WeirError("USAGE_REQUEST_MISSING", "there is no lock file yet, and nothing is asked for", {
      where: path,
      hints: ["name packages, to write it"],
    });
  }
  const answer = await opened.ask(opened.question);
  if (answer.problems.length === 0 && !context.dryRun) await lock.writeLock(full, answer, opened);
  return answer;
}
