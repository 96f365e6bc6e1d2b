/** The clock that scripts see: the machine's, or one that stands at the session's `now`. */
const Clock = (() => {
  const Machine = Date;
  let standing = null; // milliseconds, or null
  let passed = 0;

  function now() {
    return (standing ?? Machine.now()) + passed;
  }

  class SessionDate extends Machine {
    /** @param {any} args */
    constructor(...args) {
      // @ts-ignore: Date takes one argument up to seven
      super(...(args.length ? args : [now()]));
    }
    static now() {
      return now();
    }
  }
  Object.defineProperty(SessionDate, 'name', { value: 'Date' });

  return Object.freeze({
    Date: SessionDate,
    begin: (moment) => {
      standing = moment === null || moment === undefined ? null : Machine.parse(moment);
      passed = 0;
    },
    pass: (milliseconds) => (passed += milliseconds),
  });
})();
