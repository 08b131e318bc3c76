"""Codes as read_coding_sheet gives them, made by hand."""

import pandas as pd


def codes_of(codes: list[bool], weights: list[float], coder: str = "ana") -> pd.DataFrame:
    ids = [f"l{i:02}" for i in range(len(codes))]
    frame = pd.DataFrame({"line_id": ids, "frame": "pressure", "pattern": "threat*"})
    return frame.assign(coder=coder, lines_per_row=weights, code=codes)
