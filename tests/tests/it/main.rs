//! Real servers, real sockets: what the product promises, tried from outside.
