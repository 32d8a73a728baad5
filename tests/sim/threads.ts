/** Runs one job after another in as many threads as there are processors. */

/** A worker's side: it answers each order with an outcome. */
export function answerOrders<Order>(answer: (order: Order) => unknown): void {
  const thread = globalThis as unknown as {
    onmessage: (event: MessageEvent<Order>) => void;
    postMessage(outcome: unknown): void;
  };
  thread.onmessage = ({ data }) => thread.postMessage(answer(data));
}

/**
 * Runs orders in threads of a script that calls {@linkcode answerOrders}, each the next one when
 * it has done one.
 *
 * @param script The worker.
 * @param orders What is to be done, in the order of beginning.
 * @param threads How many at a time.
 * @returns For each order its outcome.
 */
export function inThreads<Order, Outcome>(
  script: URL,
  orders: readonly Order[],
  threads: number = navigator.hardwareConcurrency,
): Promise<Outcome>[] {
  const outcomes = orders.map(() => Promise.withResolvers<Outcome>());
  let next = 0;
  for (let i = 0; i < Math.min(threads, orders.length); i++) {
    const worker = new Worker(script, { type: "module" });
    let current = 0;
    const begin = () => {
      if (next === orders.length) return worker.terminate();
      current = next++;
      worker.postMessage(orders[current]);
    };
    worker.onmessage = ({ data }) => {
      outcomes[current]!.resolve(data);
      begin();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      outcomes[current]!.reject(new Error(`${JSON.stringify(orders[current])}: ${event.message}`));
      worker.terminate();
    };
    begin();
  }
  return outcomes.map(({ promise }) => {
    // It may fail before anybody waits for it.
    promise.catch(() => {});
    return promise;
  });
}
