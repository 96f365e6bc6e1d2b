/**
 * A sidebar stays open for days: what the card knows of today, and of the lists and rules that a
 * refresh published, is read again before it is old.
 */
const Freshness = (() => {
  /** Rules may have changed after so long. [ms] */
  const LASTS = 3_600_000;

  /** Where reading failed, it waits so long at least. [ms] */
  const PATIENCE = 10_000;

  let day = '';
  let until = 0;
  let notBefore = Infinity;

  /** @type {() => Promise<boolean>} */
  let renew = async () => false;

  /** @param {() => Promise<boolean>} anew reads it again; whether that went well */
  function start(anew) {
    renew = anew;
    notBefore = 0;
    renewed(Days.now());
  }

  /** @param {string} on */
  function renewed(on) {
    day = on;
    until = Date.now() + LASTS;
  }

  /** Somebody looks at the card. */
  async function check() {
    const [today, now] = [Days.now(), Date.now()];
    if (now < notBefore || (today === day && now < until)) return;
    notBefore = Infinity;
    const isDone = await renew();
    if (isDone) renewed(today);
    notBefore = isDone ? 0 : Date.now() + PATIENCE;
  }

  return Object.freeze({ start, check });
})();
