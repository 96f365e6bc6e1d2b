// What Google can call: triggers, items of the menu, and what the sidebar asks for. Everything else
// stands in namespaces, where nobody can reach it from outside.

/** Simple trigger: the spreadsheet was opened. */
function onOpen() {
  Menu.build();
}

/**
 * Simple trigger: somebody edited cells.
 *
 * @param {GoogleAppsScript.Events.SheetsOnEdit} event
 */
function onEdit(event) {
  Edits.onEdit(event);
}

/** Daily trigger: the report to the seniors. */
function dailyDigest() {
  Digest.daily();
}

function menuCard() {
  Menu.show('card');
}

function menuToday() {
  Menu.show('today');
}

function menuCheck() {
  Menu.show('check');
}

function menuDigest() {
  Menu.tell('menu.digest', Digest.send);
}

function menuDigestDaily() {
  Menu.tell('menu.daily', Digest.toggle);
}

function menuAbout() {
  Menu.tell('menu.about', Menu.about);
}

function cardOpen() {
  return Trouble.orRefusal(Card.open);
}

/** @param {{ id: string | null, row: number | null, stamp: string | null }} shown */
function cardFollow(shown) {
  return Trouble.orRefusal(() => Card.follow(shown));
}

/** @param {CardChange} change */
function cardSave(change) {
  return Trouble.orRefusal(() => Saving.save(change));
}

/** @param {{ mine: boolean }} wanted */
function cardToday(wanted) {
  return Trouble.orRefusal(() => TodayList.read(wanted));
}

/** @param {string} target a lead's id, or a range with its tab */
function cardGo(target) {
  return Trouble.orRefusal(() => Card.go(target));
}

/** @param {string} name as Team has it */
function cardMe(name) {
  return Trouble.orRefusal(() => Card.me(name));
}

function cardCheck() {
  return Trouble.orRefusal(() => ({ ok: true, findings: Check.findings() }));
}
