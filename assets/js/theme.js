// Runs before the first paint: the reader's theme and sidebar, from this browser's storage.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is off: follow the system
    }
  };
  const apply = () => {
    const theme = read("tj-theme");
    const wanted = theme === "light" || theme === "dark" ? theme : "system";
    if (root.dataset.theme !== wanted) root.dataset.theme = wanted;
    const scheme = wanted === "system" ? "light dark" : wanted; // Reflex writes its own idea of it here
    if (root.style.colorScheme !== scheme) root.style.colorScheme = scheme;
    const sidebar = read("tj-sidebar") === "collapsed" ? "collapsed" : "open";
    if (root.dataset.sidebar !== sidebar) root.dataset.sidebar = sidebar;
  };
  apply();
  // React takes unknown attributes off <html> when it has to draw the document again.
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ["data-theme", "data-sidebar", "style"] });
  addEventListener("storage", apply);
  addEventListener("tj:look", apply);
})();
