/** Who runs a script, in which way, and what that lets them do. */
const Access = (() => {
  const SCOPE = 'https://www.googleapis.com/auth/';
  const SHEETS = ['spreadsheets.currentonly', 'spreadsheets'];

  // What a script must have been granted, by service or by method: Google's reference names these
  // under "Authorization". A simple trigger has no grants and may do nothing that is listed here
  // beyond the spreadsheet it stands in.
  const NEEDS = {
    MailApp: ['script.send_mail'],
    ScriptApp: ['script.scriptapp'],
    'Ui.showSidebar': ['script.container.ui'],
    'Ui.showModalDialog': ['script.container.ui'],
    'Ui.showModelessDialog': ['script.container.ui'],
    'Session.getActiveUser': ['userinfo.email'],
    'Session.getEffectiveUser': ['userinfo.email'],
    SpreadsheetApp: SHEETS,
  };
  // Nothing is asked for these, though they belong to a service that is listed.
  const FREE = new Set(['ScriptApp.getScriptId', 'ScriptApp.getAuthorizationInfo']);

  const PROTECTED =
    'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to ' +
    'remove protection if you need to edit.';

  let session = { user: '', trigger: null, scopes: null };

  /** Refuse a call that the script was not authorised for. */
  function check(name, method) {
    const full = `${name}.${method}`;
    const service = name.split('.')[0];
    if (FREE.has(full)) return;
    const needs = NEEDS[full] ?? NEEDS[service];
    if (!needs || anonymous(full)) return;
    if (session.trigger === 'simple') {
      if (needs !== SHEETS) throw refusal(full, needs);
      return;
    }
    if (session.scopes && !needs.some((scope) => session.scopes.includes(SCOPE + scope))) {
      throw refusal(full, needs);
    }
  }

  // A simple trigger may ask who is there; it only learns nothing.
  function anonymous(full) {
    return session.trigger === 'simple' && full.startsWith('Session.');
  }

  function refusal(full, needs) {
    const scopes = needs.map((scope) => SCOPE + scope).join(' || ');
    return new Error(
      `You do not have permission to call ${full}. ` +
        `Required permissions: ${needs.length > 1 ? `(${scopes})` : scopes}`,
    );
  }

  function role(document, user = session.user) {
    return document.permissions[user] ?? document.permissions.anyone ?? null;
  }

  /** Whether somebody may edit the file as such. */
  function writes(document, user = session.user) {
    return ['owner', 'writer'].includes(role(document, user));
  }

  /** Whether a protected range lets somebody through. */
  function passes(document, protection, user = session.user) {
    if (!writes(document, user)) return false;
    return (
      protection.warningOnly || user === document.owner || (protection.editors ?? []).includes(user)
    );
  }

  /** Whether a protection has cells in common with a rectangle; open ends are null. */
  function covers({ range: [top, left, rows, columns] }, area) {
    return (
      top < area.row + area.rows &&
      (rows === null || area.row < top + rows) &&
      left < area.column + area.columns &&
      (columns === null || area.column < left + columns)
    );
  }

  /** Whether the person may change the cells of an area: {row, column, rows, columns}. */
  function mayEdit(document, sheet, area) {
    return (
      writes(document) &&
      sheet.protected.every((each) => !covers(each, area) || passes(document, each))
    );
  }

  /** Refuse to change cells, or without them anything, where the person may not. */
  function guard(document, sheet = null, area = null) {
    if (!writes(document)) {
      throw new Error('You do not have permission to perform that action.');
    }
    if (sheet !== null && !mayEdit(document, sheet, area)) throw new Error(PROTECTED);
  }

  return Object.freeze({
    check,
    guard,
    mayEdit,
    passes,
    writes,
    begin: (given) => (session = { trigger: null, scopes: null, ...given }),
    session: () => session,
  });
})();
