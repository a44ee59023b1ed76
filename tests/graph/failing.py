"""An extractor that fails, and a build with it; what its processes import is little."""

import os
import signal
from pathlib import Path

from graph.build import BuildOptions, build
from graph.records import Extraction, Text


class Failing:
    """Fails on one document, and ends its process on another."""

    name, version = "failing", "1"

    def extract(self, text: Text) -> Extraction:
        match text.document.name:
            case "alpha":
                raise ZeroDivisionError("a bug")
            case "beta":
                os.kill(os.getpid(), signal.SIGKILL)
        return Extraction(document=text.document.name)


def report_of_build(sources: Path, data_dir: Path) -> None:
    """Run in a process of its own, whose workers know the failing extractor as well."""
    report = build([sources], data_dir, BuildOptions(extractor="failing", workers=2))
    (data_dir / "report.json").write_text(report.model_dump_json())
