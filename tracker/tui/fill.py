"""``tracker fill``: the monthly form in the terminal."""

import sys

from textual.app import App

from tracker.filling.draft import Draft
from tracker.language import _
from tracker.tui.form import FillScreen
from tracker.tui.looks import dress


def run(draft: Draft) -> int:
    """Show the form until it is left; what became of it is said on stderr."""
    FillApp(draft).run()
    if draft.written is not None:
        sys.stderr.write(_("已写好 {file}，可以发送了。\n", file=draft.written))
    else:
        sys.stderr.write(_("{progress}。草稿已保存，再运行同一条命令接着填。\n", progress=draft.progress))
    return 0


class FillApp(App[None]):
    """The form of one unit for a month."""

    CSS_PATH = "fill.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        dress(self)
        self.draft = draft

    def get_default_screen(self) -> FillScreen:
        """The form; only a few words ever stand over it."""
        return FillScreen(self.draft)

    async def action_quit(self) -> None:
        """Leave; nothing typed is lost."""
        for screen in self.screen_stack:
            if isinstance(screen, FillScreen):
                screen.keep()
        self.exit()

    def action_help_quit(self) -> None:
        """Textual's answer to ctrl+c, in our words."""
        self.notify(_("按 Esc 再按 q 退出，填的内容会保存。"), markup=False)
