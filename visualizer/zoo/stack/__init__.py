"""A network as a stack of layers: read from text, described with its shapes, built."""

from visualizer.zoo.stack.building import CLASSES_MOST as CLASSES_MOST
from visualizer.zoo.stack.building import MACS_MOST as MACS_MOST
from visualizer.zoo.stack.building import PARAMETERS_MOST as PARAMETERS_MOST
from visualizer.zoo.stack.building import Row as Row
from visualizer.zoo.stack.building import build_stack as build_stack
from visualizer.zoo.stack.building import describe_stack as describe_stack
from visualizer.zoo.stack.grammar import PIECES_MOST as PIECES_MOST
from visualizer.zoo.stack.grammar import Piece as Piece
from visualizer.zoo.stack.grammar import Stack as Stack
from visualizer.zoo.stack.grammar import format_stack as format_stack
from visualizer.zoo.stack.grammar import parse_stack as parse_stack
from visualizer.zoo.stack.kinds import KINDS as KINDS
from visualizer.zoo.stack.networks import NETWORKS as NETWORKS
from visualizer.zoo.stack.networks import Network as Network
from visualizer.zoo.stack.networks import find_network as find_network
from visualizer.zoo.stack.record import Kind as Kind
from visualizer.zoo.stack.record import MisfitError as MisfitError
from visualizer.zoo.stack.record import Parameter as Parameter
