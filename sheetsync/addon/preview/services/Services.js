/**
 * The stand-in as its host sees it: start it with a document, run functions of a script, and ask
 * what they did. What scripts see are the globals that `start` installs, as Google has them.
 */
const Services = (() => {
  /** Take a document in; whatever was kept from an older one (properties, triggers) stays. */
  function open(document) {
    Grid.open(document);
    Sheets.forget();
  }

  /** Begin anew with a document. */
  function start(document) {
    Keeping.forget();
    Post.forget();
    open(document);
    Object.assign(globalThis, {
      CacheService: Keeping.caches,
      Date: Clock.Date,
      HtmlService: Interface.html,
      LockService: Keeping.locks,
      Logger: Toolbox.logger,
      MailApp: Post.mail,
      PropertiesService: Keeping.properties,
      ScriptApp: Post.app,
      Session: Identity.session,
      SpreadsheetApp: Sheets.app,
      Utilities: Toolbox.utilities,
      console: Toolbox.console,
    });
  }

  /**
   * Run one function of a script, from a fresh start of all its files as Google does.
   *
   * @param {() => Record<string, Function>} script gives the global functions of the script
   * @param {string} name
   * @param {any[]} args plain JSON
   * @param {Record<string, any>} session user, trigger (null, 'simple', 'installable'), event (see
   *   `event`: the function gets that instead of `args`) or typed (see `type`), now, scopes, files,
   *   active, locked, quota, answers, domain, language, scriptTimeZone
   * @returns {object} what it gave back or threw, and everything that it did
   */
  function run(script, name, args, session) {
    Access.begin(session);
    Clock.begin(session.now);
    [Grid, Interface, Toolbox].forEach((each) => each.forget());
    Post.forgetMails();
    if (Number.isInteger(session.quota)) Post.setQuota(session.quota);
    try {
      Selected.begin(session.active);
      const edited = session.typed ? type(session.typed) : session.event;
      const given = edited ? [event(edited)] : args;
      Strict.forget();
      Grid.recount();
      const functions = script();
      if (name.endsWith('_') || !Object.hasOwn(functions, name)) {
        throw new Error(`Script function not found: ${name}`);
      }
      return report({ result: returned(functions[name](...given)) ?? null });
    } catch (error) {
      const [message, stack] = [error?.message ?? error, error?.stack ?? ''].map(String);
      return report({ error: { message, stack } });
    }
  }

  /** Everything that a run did so far, beside how it ended. */
  function report(outcome) {
    Keeping.release();
    return {
      ...outcome,
      calls: Strict.counts(),
      cells: Grid.counts(),
      changes: Grid.changes(),
      events: Interface.events(),
      log: Toolbox.lines(),
      mails: Post.mails(),
      marks: Grid.marks(),
      triggers: Post.triggers(),
    };
  }

  /**
   * Type a block of values as the person does at the keyboard; what that is as an event.
   *
   * @param {{sheet: number, row: number, column: number, values: any[][], raw: boolean}} typed
   *   `raw`: text is just text, also where it looks like a number or a formula
   */
  function type({ sheet, row, column, values, raw }) {
    const of = Grid.sheet(sheet);
    const size = [values.length, values[0].length];
    const before = Grid.value(of, row, column);
    const range = Ranges.within(of, row, column, ...size);
    range.all(values, (...cell) => Grid.write(...cell, raw));
    Selected.begin({ sheet, range: Object.values(range.area) });
    const made = { sheet, range: [row, column, ...size] };
    if (size.every((each) => each === 1)) {
      if (before !== null) made.oldValue = told(before);
      const after = Grid.value(of, row, column);
      if (after !== null) made.value = told(after);
    }
    return made;
  }

  /** A value as events tell it: as text. */
  function told(value) {
    return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
  }

  /**
   * The event object of an edit, or of opening the document.
   *
   * @param {{sheet?: number, range?: number[], value?: any, oldValue?: any}} given `value` and
   *   `oldValue` only where a single cell was edited, and something stands or stood in it
   */
  function event(given) {
    const simple = Access.session().trigger === 'simple';
    const made = {
      authMode: simple ? Post.AuthMode.LIMITED : Post.AuthMode.FULL,
      source: Strict.give(Sheets.spreadsheet()),
      user: Strict.give(Identity.active()),
    };
    if (given?.range) {
      made.range = Strict.give(Ranges.within(Grid.sheet(given.sheet), ...given.range));
      for (const key of ['value', 'oldValue']) if (key in given) made[key] = given[key];
    }
    return made;
  }

  /** What google.script.run lets through: plain data without dates and functions. */
  function returned(value) {
    const plain = (each) =>
      each === undefined ||
      each === null ||
      ['string', 'number', 'boolean'].includes(typeof each) ||
      (Array.isArray(each) && each.every(plain)) ||
      (typeof each === 'object' &&
        Object.getPrototypeOf(each) === Object.prototype &&
        Object.values(each).every(plain));
    if (plain(value) || Access.session().trigger) return plain(value) ? value : null;
    throw new Error('The script completed but the returned value is not a supported return type.');
  }

  return Object.freeze({ offered: Strict.offered, open, report, run, start });
})();
