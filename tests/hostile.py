"""A workspace whose every text looks like markup, terminal commands, links or right-to-left."""

from tiny import CHEM, MINE, PROGRAMME, head

EVIL = r"[/x] [[a]] [@click=app.bell]按[/] \\"
WORSE = r"\u001b[31m红 [link=https://example.org]x[/link] שלום \u202e倒 🇨🇳👍🏽 [bold"
PLANS = {
    "programme.toml": PROGRAMME.replace("甲市安全生产行动", f"行动{EVIL}")
    .replace("东山县", f"东{EVIL}")
    .replace('"高新区"', f'"高{WORSE}"'),
    "mine.toml": MINE.replace('"矿山"', f'"矿{EVIL}"', 1)
    .replace("公布包保名单", f"名单{EVIL}")
    .replace("隐患排查", f"排查{WORSE}")
    .replace("县级政府", f"政府{EVIL}")
    .replace("没有写年份", f"解读{WORSE}")
    .replace("公布每座矿的包保领导", f"公布{WORSE}"),
    "chem.toml": CHEM,
}
WORDS = head(more=f'practices = "{EVIL}"\ndifficulties = "{WORSE}"') + (
    f'[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "原因{EVIL}"\nmeasure = "措施{WORSE}"\n'
    f'promised_on = 2026-11-20\nnote = "{WORSE}"\nevidence = ["{EVIL}"]\n'
)
BROKEN = head("west") + f'[[update]]\nitem = "[/x]"\nstate = "{EVIL}"\n"[/key" = 1\n'
FILES = {
    "2026-10/east.toml": WORDS,
    "2026-10/west.toml": BROKEN,
    "2026-10/bureau.toml": f'unit = "{EVIL}"\nmonth = "2026-10"\nx = "{WORSE}"\n',
}
