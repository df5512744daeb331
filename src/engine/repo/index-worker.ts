import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { PackageFragments } from "../../formats/rpmmd/package-fragments.ts";
import { type IndexShare, indexShare } from "./index-share.ts";

/** This module's own address: a thread that starts there indexes what its `workerData` says. */
export const workerFile = import.meta.url;

/** Marks the data of such a thread. */
export const workerMark = "weir/index-packages";

/** What a thread says when no file is left to take: memory that is now the receiver's, and how much of it counts. */
export interface WorkerResult {
  readonly fragments: readonly { readonly memory: ArrayBuffer; readonly length: number }[];
}

interface WorkerTask {
  readonly mark: string;
  readonly thread: number;
  readonly share: IndexShare;
}

function isTask(value: unknown): value is WorkerTask {
  return typeof value === "object" && value !== null && "mark" in value && value.mark === workerMark;
}

const task: unknown = workerData;
if (!isMainThread && isTask(task)) {
  const fragments = new PackageFragments();
  for (const _ of indexShare(task.share, task.thread, fragments)) continue;
  const parts = [fragments.primary, fragments.filelists, fragments.other].map(({ bytes, length }) => ({
    memory: bytes.buffer as ArrayBuffer,
    length,
  }));
  const result: WorkerResult = { fragments: parts };
  parentPort?.postMessage(
    result,
    parts.map(({ memory }) => memory),
  );
}
