// Runs before the page's own scripts: remembers who listens to what, and what the browser measures.
(() => {
  const listeners = new WeakMap();
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (this instanceof Element) {
      if (!listeners.has(this)) listeners.set(this, new Set());
      listeners.get(this).add(type);
    }
    return add.call(this, type, ...rest);
  };
  const lab = { lcp: 0, lcpElement: null, cls: 0, shifted: null, long: 0, blocked: 0 };
  const observe = (type, each) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
    } catch { /* a browser without this entry type measures the others */ }
  };
  observe("largest-contentful-paint", (entry) => { lab.lcp = entry.startTime; lab.lcpElement = entry.element; });
  observe("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    lab.cls += entry.value;
    const node = entry.sources?.[0]?.node;
    if (node instanceof Element) lab.shifted = node;
  });
  observe("longtask", (entry) => { lab.long += 1; lab.blocked += Math.max(0, entry.duration - 50); });
  Object.defineProperty(window, "__taskjuggler", { value: { listeners, lab } });
})();
