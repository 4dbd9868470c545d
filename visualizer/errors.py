"""Errors a user can act on; every other exception is a bug of ours."""


class VisualizerError(Exception):
    """One sentence for the screen: the value given, the limit, the way out."""


class GeometryError(VisualizerError):
    """A kernel, stride or padding that does not fit the input."""


class PictureError(VisualizerError):
    """A file that is no picture, or one too large to show."""


class CollectionError(VisualizerError):
    """An archive, folder or list of pictures that cannot be taken, or is not on this machine."""


class UnknownNameError(VisualizerError):
    """A network, layer, sample or option that does not exist; the nearest names are listed."""


class StackError(VisualizerError):
    """A stack of layers that cannot be read or built: says where, and what would fit."""


class WeightsError(VisualizerError):
    """Weights that are missing, damaged or not the official ones."""


class DownloadError(WeightsError):
    """Weights that could not be fetched: what was tried and how to go on."""


class BackendError(VisualizerError):
    """A device or runtime that this machine, or this question, does not allow."""


class BusyError(VisualizerError):
    """Too much is asked of this server at once."""


class GoneError(VisualizerError):
    """A picture or a session that is no longer kept."""


class NetworkGoneError(GoneError):
    """A network that a visitor trained and that is no longer kept."""
