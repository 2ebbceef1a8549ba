"""The faces of Elpis: the command line, and the window when it comes."""
