"""Train a network of ``models/`` again: ``python -m visualizer.train NAME --data FOLDER``.

``FOLDER`` holds the data sets as torchvision lays them out; ``--download`` fetches them there.
To train a network of your own in Python, call ``visualizer.train``: the same engine. Do not import
this file: in the package its name would take that function's place.
"""

from visualizer.runtime.training.courses import main

if __name__ == "__main__":
    main()
