"""Reads the exports of `genbench trace` with tensorboard and junitparser, and prints them as JSON: export_readers.py RUNS JUNIT."""

import json
import math
import pathlib
import sys

from junitparser import JUnitXml
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

runs, images, settings = {}, {}, {}
for file in sorted(pathlib.Path(sys.argv[1]).rglob("events.out.tfevents.*")):
    events = EventAccumulator(str(file.parent), size_guidance={"scalars": 0, "images": 0}).Reload()
    tags = events.Tags()["scalars"]
    run = str(file.parent.relative_to(sys.argv[1]))
    finite = lambda tag: [[event.step, event.value] for event in events.Scalars(tag) if math.isfinite(event.value)]
    runs[run] = {tag: finite(tag) for tag in tags}
    images[run] = {tag: [[image.width, image.height] for image in events.Images(tag)] for tag in events.Tags()["images"]}
    start = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    info = plugin_data_pb2.HParamsPluginData.FromString(start).session_start_info
    settings[run] = {"group": info.group_name, "names": sorted(info.hparams)}
cases = [
    [case.classname, case.name, [type(result).__name__ for result in case.result]]
    for suite in JUnitXml.fromfile(sys.argv[2])
    for case in suite
]
json.dump({"runs": runs, "images": images, "settings": settings, "cases": cases}, sys.stdout)
