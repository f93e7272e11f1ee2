// The part of the platform's JavaScript SDK that Embedded Signup needs: FB.init, FB.login and their kin.

(() => {
  const home = new URL(document.currentScript.src).origin;
  const LOGGED_OUT = { authResponse: null, status: "unknown" };
  let settings = null;
  let waiting = null;
  let last = LOGGED_OUT;

  function settle(answer) {
    if (!waiting) return;
    const { callback, watch } = waiting;
    clearInterval(watch);
    waiting = null;
    last = answer;
    callback?.(answer);
  }

  function login(callback, options = {}) {
    if (!settings) throw new Error("FB.login() called before FB.init().");
    settle(LOGGED_OUT);
    const asked = new URLSearchParams({
      app_id: settings.appId,
      config_id: options.config_id ?? "",
      extras: JSON.stringify(options.extras ?? {}),
      origin: location.origin,
    });
    const popup = window.open(`${home}/signup?${asked}`, "signup", "popup,width=620,height=780");
    if (!popup) return callback?.(LOGGED_OUT);
    // A popup that was closed by hand ends the login without an answer of its own.
    const watch = setInterval(() => popup.closed && settle(LOGGED_OUT), 500);
    waiting = { callback, watch };
  }

  window.addEventListener("message", ({ origin, data }) => {
    if (origin !== home || !data?.signupEnded) return;
    const { code } = data;
    settle(code ? { authResponse: { userID: null, expiresIn: null, code }, status: "connected" } : LOGGED_OUT);
  });

  window.FB = {
    init: (given) => { settings = given; },
    login,
    logout: (callback) => { last = LOGGED_OUT; callback?.(last); },
    getLoginStatus: (callback) => callback?.(last),
    getAuthResponse: () => last.authResponse,
    AppEvents: { logPageView() {}, logEvent() {} },
  };
  window.fbAsyncInit?.();
})();
