/**
 * What Google gives a page in a sheet: google.script.run, as far as it lets arguments through, here
 * by way of the preview's server. Whatever else is asked of `google` is an error, as it would be
 * there.
 */
globalThis.google = (() => {
  /** @param {unknown} value */
  const isPlain = (value) =>
    value === null ||
    ['string', 'number', 'boolean', 'undefined'].includes(typeof value) ||
    (Array.isArray(value) && value.every(isPlain)) ||
    (Object.prototype.toString.call(value) === '[object Object]' &&
      Object.values(value).every(isPlain));

  async function post(name, given) {
    const answer = await fetch(name, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(given),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  }

  async function call(handlers, name, given) {
    const { success, failure, user } = handlers;
    let answer;
    try {
      answer = await post('run', { function: name, arguments: given.map((each) => each ?? null) });
    } catch (error) {
      answer = { error: `NetworkError: ${error.message}` };
    }
    parent.postMessage({ from: 'card', answer }, location.origin);
    const message = answer.error ?? answer.told;
    if (message !== undefined) failure?.(new Error(message), user);
    else success?.(answer.result, user);
  }

  function runner(handlers) {
    return new Proxy(
      {},
      {
        get(_, name) {
          if (typeof name !== 'string' || name.endsWith('_')) return undefined;
          if (name === 'withSuccessHandler') return (f) => runner({ ...handlers, success: f });
          if (name === 'withFailureHandler') return (f) => runner({ ...handlers, failure: f });
          if (name === 'withUserObject') return (user) => runner({ ...handlers, user });
          return (...given) => {
            if (!given.every(isPlain)) {
              throw new TypeError(`Failed due to illegal value in property: ${name}`);
            }
            call(handlers, name, given);
          };
        },
      },
    );
  }

  const host = Object.freeze({
    close: () => parent.postMessage({ from: 'card', close: true }, location.origin),
    origin: location.origin,
    setHeight: () => {},
    setWidth: () => {},
    editor: Object.freeze({ focus: () => parent.focus() }),
  });
  return Object.freeze({ script: Object.freeze({ run: runner({}), host }) });
})();
