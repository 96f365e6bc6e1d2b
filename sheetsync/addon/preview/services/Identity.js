/** `Session` and its users. */
const Identity = (() => {
  class User {
    constructor(email) {
      this.email = email;
    }
    getEmail() {
      return this.email;
    }
  }

  /**
   * The person at the keyboard, as far as the script may know them.
   *
   * A simple trigger runs without anybody's authorisation: it learns the address only of the
   * script's owner, or within one Workspace domain (`session.domain`).
   */
  function active() {
    const { user: email, trigger, domain } = Access.session();
    const known = trigger !== 'simple' || email === Grid.document().owner || domain;
    return new User(known ? email : '');
  }

  class Session {
    getActiveUser() {
      return active();
    }
    getEffectiveUser() {
      return active();
    }
    getActiveUserLocale() {
      return Access.session().language ?? 'en';
    }
    getScriptTimeZone() {
      return Access.session().scriptTimeZone ?? 'Etc/UTC';
    }
  }

  Strict.describe(User, 'User', { getEmail: '' });
  Strict.describe(Session, 'Session', {
    getActiveUser: '',
    getActiveUserLocale: '',
    getEffectiveUser: '',
    getScriptTimeZone: '',
  });

  return Object.freeze({
    active,
    session: Strict.give(new Session()),
    user: (email) => new User(email),
  });
})();
