"""Writes ripple/table.py. Run once per build; needs eddy."""

import eddy

steps = list(eddy.wave([n * n for n in range(1, 9)]))
with open("ripple/table.py", "w", encoding="utf-8") as file:
    file.write(f'"""Made with eddy {eddy.__version__}."""\n\nSTEPS = {steps}\n')
