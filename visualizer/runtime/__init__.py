"""Loading and running networks; with zoo, the only importer of torch and onnxruntime."""
