"""Pages of guides and examples, from their notebooks."""

import ast
import base64

import nbformat
import notebooks

NOT_MADE = "Run docs/notebooks.py first: there is no {}"


def pages():
    """Dict from path to text, bytes or the path of a file; the navigation."""
    files, navigation = {}, []
    for folder in notebooks.FOLDERS:
        entries = [f"{folder}/index.md"]
        rows = ["| | what it does |", "|---|---|"]
        for program in in_order(folder):
            path = f"{folder}/{program.stem}"
            made = notebooks.made(program)
            if not made.exists():
                raise FileNotFoundError(NOT_MADE.format(made))
            files[f"{path}.ipynb"], files[f"{path}.py"] = made, program
            notebook = nbformat.read(made, as_version=4)
            build = guide if folder == "guides" else example
            title, about, text = build(program, notebook, files)
            files[f"{path}.md"] = f"---\ntitle: {title}\n---\n{text}"
            rows.append(f"| [{title}]({program.stem}.md) | {about} |")
            entries.append(f"{path}.md")
        files[f"{folder}/index.md"] = INTRODUCTIONS[folder] + "\n".join(rows)
        navigation.append({folder.capitalize(): entries})
    return files, navigation


def in_order(folder):
    """The programs of a folder as README names them."""
    text = (notebooks.ROOT / "README.md").read_text()

    def place(path):
        found = text.find(f"({folder}/{path.name})")
        return found if found >= 0 else len(text)

    return sorted(notebooks.programs(folder), key=place)


INTRODUCTIONS = {
    "guides": """# Guides

Each is a program that ends with a picture or a table; here it is with all
that it prints and draws.

""",
    "examples": """# Examples

Programs for a file of your own, each with `--data PATH`.

""",
}


def downloads(program):
    name = program.stem
    return f"[the program]({name}.py), [the notebook]({name}.ipynb)"


def how_it_ran(program, notebook):
    """A note on what is below: a moment of training, or all of it."""
    if "--quick" in notebook.cells[0].source:
        return (
            '!!! warning "Trained for a moment only"\n\n'
            "    This page was made with `--quick`, on JAX and a CPU: what it "
            "prints and draws\n    shows how, not how well. To train as long "
            "as it takes, run\n"
            f"    `python guides/{program.name}`.\n"
            f"    Here are {downloads(program)}.\n"
        )
    return (
        '!!! note "Run in full, on JAX and a CPU"\n\n'
        f"    Here are {downloads(program)}.\n"
    )


def guide(program, notebook, files):
    """Title, first paragraph and page of an executed notebook."""
    first = notebook.cells[1].source
    heading, *paragraphs = first.split("\n\n")
    note = how_it_ran(program, notebook)
    parts = ["\n\n".join([heading, note, *paragraphs])]
    for i, cell in enumerate(notebook.cells[2:]):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for j, output in enumerate(joined(cell.outputs)):
            name = f"{program.parent.name}/{program.stem}_{i}_{j}"
            parts.append(shown(output, name, files))
    about = paragraphs[0].replace("\n", " ")
    return heading.removeprefix("# "), about, "\n\n".join(parts)


def joined(outputs):
    """Outputs, with lines that were printed one after the other in one."""
    result = []
    for output in outputs:
        if output.output_type == "stream" and result:
            last = result[-1]
            if last.get("name") == output.name:
                last.text += output.text
                continue
        result.append(output)
    return result


def shown(output, name, files):
    """Markdown of one output of a cell; its picture joins the files."""
    # A program does not show the value of its last line.
    if output.output_type == "execute_result":
        return ""
    if output.output_type == "stream":
        # Backends tell the terminal about machines without accelerators.
        if output.name == "stderr":
            return ""
        return f"``` {{.text .output}}\n{output.text.rstrip()}\n```"
    data = output.data
    if "image/png" in data:
        files[f"{name}.png"] = base64.b64decode(data["image/png"])
        caption = data["text/plain"]
        return f"![{caption}]({name.split('/')[1]}.png)"
    caption = f"<figcaption>{data['text/plain']}</figcaption>"
    return f"<figure class='sound'>{caption}{data['text/html']}</figure>"


def example(program, notebook, files):
    """Title, first paragraph and page of a program with its source."""
    source = program.read_text()
    text = ast.get_docstring(ast.parse(source))
    about, *paragraphs = text.split("\n\n")
    title = program.stem.replace("_", " ").capitalize()
    body = source.split('"""', 2)[2].strip("\n")
    parts = [f"# {title}", about, *paragraphs]
    parts.append(f"Here are {downloads(program)}, to be kept beside the")
    parts[-1] += " others in `examples/`."
    parts.append(f"```python\n{body}\n```")
    return title, about.replace("\n", " "), "\n\n".join(parts)
