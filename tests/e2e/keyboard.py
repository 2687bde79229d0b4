"""A person who has no mouse: everything by Tab, arrows, Enter and letters, and always in sight of where they are."""

from playwright.sync_api import Page, expect

SOON = 10_000
_HERE = "(wanted) => wanted === document.activeElement || wanted.contains(document.activeElement)"
_SEEN = """() => {
  const at = document.activeElement.getBoundingClientRect();
  if (at.width < 2 && at.height < 2) return "";  // its label is what is seen
  const x = Math.min(Math.max((at.left + at.right) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max((at.top + at.bottom) / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  if (at.bottom <= 0 || at.top >= innerHeight) return "it is outside the window";
  const seen = top === null || document.activeElement.contains(top) || top.contains(document.activeElement);
  return seen || top.closest("label") ? "" : `it is under ${top.tagName}.${top.className}`;
}"""


class Keyboard:
    """Drives a page by keys alone; says where the keys lead nowhere."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, target: str, *, back: bool = False, at_most: int = 150) -> None:
        """Press Tab until `target` (or something inside it) has the focus; it must not be covered then."""
        wanted = self.page.locator(target).first
        wanted.wait_for(state="attached", timeout=SOON)
        for _ in range(at_most):
            if wanted.evaluate(_HERE):
                hidden = self.page.evaluate(_SEEN)
                assert hidden == "", f"{target} has the focus and {hidden}"
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{target} is not reached by {at_most} times Tab")

    def press(self, target: str, key: str = "Enter") -> None:
        """Go to `target` and press a key on it."""
        self.to(target)
        self.page.keyboard.press(key)

    def write(self, target: str, text: str) -> None:
        """Go to an input and type over what is in it, letter by letter."""
        self.to(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, target: str, option: str) -> None:
        """Go to a select and type the beginning of an option."""
        self.to(target)
        self.page.keyboard.type(option)
        expect(self.page.locator(f"{target} option:checked").first).to_contain_text(option)

    def go(self, letter: str, heading: str) -> None:
        """To another part of the app with g and its letter."""
        self.page.keyboard.press("g")
        self.page.keyboard.press(letter)
        self.page.wait_for_selector(f"h1:has-text('{heading}')", timeout=SOON)
