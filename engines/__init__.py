"""The engines that gonogo brings along, the adapters to engines of any make, and the engines broken on purpose."""
