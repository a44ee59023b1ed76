"""Notebooks: run from the first cell to the last, and stored without what running them gave.

`python -m tests.notebooks --strip FILE…` removes the outputs of notebooks in place;
`--run FILE FOLDER` runs one in a folder and prints it with its outputs.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).parent.parent / "notebooks"


def paths() -> list[Path]:
    """All notebooks of the project."""
    return sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    """A notebook, checked against the format."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def stripped(notebook: NotebookNode) -> str:
    """A notebook as it is stored: without outputs, counts and the traces of an editor."""
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def run(path: Path, folder: Path) -> NotebookNode:
    """Run a notebook in a folder; raises CellExecutionError with the cell that failed."""
    # nbclient takes a second to import, and stripping does not need it. Matplotlib lists the
    # fonts of a machine once, which it would tell in the first notebook.
    import matplotlib.font_manager  # noqa: F401
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    manager = AsyncKernelManager()
    # The kernel of this environment, whichever others the machine knows.
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
    )
    notebook = read(path)
    client = NotebookClient(
        notebook, km=manager, timeout=120, resources={"metadata": {"path": str(folder)}}
    )
    return client.execute()


def main() -> None:
    """Strip the notebooks that are named, or run one and print it with its outputs."""
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--strip", nargs="+", type=Path, metavar="FILE", default=())
    what.add_argument("--run", nargs=2, type=Path, metavar=("FILE", "FOLDER"))
    chosen = parser.parse_args()
    for path in chosen.strip:
        path.write_text(stripped(read(path)), "utf-8")
    if chosen.run:
        print(nbformat.writes(run(*chosen.run)))


if __name__ == "__main__":
    main()
